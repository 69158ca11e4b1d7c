/**
 * Evaluation that can pause wherever a map is applied, so that maps may enter one another as deep as the language allows without
 * a stack that is as deep. It is slower than closures, and used only from some depth on.
 *
 * Pauses are possible in the places where recursive maps recurse: operands, branches, elements, receivers. In an argument, a
 * condition or a lambda that a method calls, a map is run on the stack, which then is the limit.
 */
import type { Query } from '../registry/query.ts';
import type { CallExpression, Expression, ObjectExpression, OperatorExpression } from '../syntax/ast.ts';
import { getBool } from '../value/coerce.ts';
import { ValueTypeError, wrapError } from '../value/errors.ts';
import { isNull, NOTHING, setKey, type Value, type ValueObject } from '../value/kinds.ts';
import { annotationOf } from './annotation.ts';
import { chooserOfIf, chooserOfMatch, compileSubject } from './branches.ts';
import type { Context, Evaluate, NamedMap, Steps } from './context.ts';
import { compileExpression } from './expression.ts';
import { readerOf } from './field.ts';
import { isLogical, operationOf } from './operators.ts';
import { dynamicKey, isDropped } from './structures.ts';

export type Resumable = (context: Context) => Steps;

/** Runs a map and all maps that it applies, on a stack of its own. */
export function runToEnd(map: NamedMap, context: Context): Value {
  const stack: Steps[] = [map.steps(context)];
  let resume = (steps: Steps) => steps.next(NOTHING);
  for (;;) {
    const top = stack.at(-1)!;
    try {
      const { done, value } = resume(top);
      if (done) {
        stack.pop();
        if (stack.length === 0) return value;
        resume = (steps) => steps.next(value);
      } else {
        stack.push(value.map.steps(value.context));
        resume = (steps) => steps.next(NOTHING);
      }
    } catch (error) {
      stack.pop();
      if (stack.length === 0) throw error;
      resume = (steps) => steps.throw(error);
    }
  }
}

/** An expression that pauses at maps, or `null` if it applies none where it could pause. */
export function resumableOf(expression: Expression): Resumable | null {
  const known = resumables.get(expression);
  if (known !== undefined) return known;
  const made = makeResumable(expression);
  resumables.set(expression, made);
  return made;
}

const resumables = new WeakMap<Expression, Resumable | null>();

const evaluatorOf = (expression: Expression): Evaluate => compileExpression(expression).evaluate;

/** Any expression, as one that may pause. */
function pausing(expression: Expression): Resumable {
  const resumable = resumableOf(expression);
  if (resumable !== null) return resumable;
  const evaluate = evaluatorOf(expression);
  // biome-ignore lint/correctness/useYield: it has nothing to pause for.
  return function* (context) {
    return evaluate(context);
  };
}

const pauses = (...expressions: ReadonlyArray<Expression | null>): boolean =>
  expressions.some((expression) => expression !== null && resumableOf(expression) !== null);

function makeResumable(expression: Expression): Resumable | null {
  switch (expression.kind) {
    case 'call':
      return resumableCall(expression);
    case 'operator':
      return pauses(expression.left, expression.right) ? resumableOperator(expression) : null;
    case 'not':
      return pauses(expression.operand) ? resumableNot(expression.operand) : null;
    case 'path': {
      if (!pauses(expression.target)) return null;
      const target = pausing(expression.target);
      const read = readerOf(expression.path);
      return function* (context) {
        return read(yield* target(context));
      };
    }
    case 'map': {
      const { body: named } = expression;
      if (!pauses(expression.target, named.kind === 'lambda' ? named.body : named)) return null;
      const target = pausing(expression.target);
      const body = resumableBody(named);
      return function* (context) {
        return yield* body(yield* target(context), context);
      };
    }
    case 'array': {
      if (!pauses(...expression.elements)) return null;
      const elements = expression.elements.map(pausing);
      return function* (context) {
        const values: Value[] = [];
        for (const element of elements) {
          const value = yield* element(context);
          if (!isDropped(value)) values.push(value);
        }
        return values;
      };
    }
    case 'object':
      return pauses(...expression.entries.map(({ value }) => value)) ? resumableObject(expression) : null;
    case 'if':
      return pauses(expression.otherwise, ...expression.branches.map(({ result }) => result))
        ? resumableChoice(chooserOfIf(expression, evaluatorOf))
        : null;
    case 'match': {
      const { subject, cases } = expression;
      if (!pauses(subject, ...cases.map(({ result }) => result))) return null;
      const choose = chooserOfMatch(expression, evaluatorOf);
      const evaluateSubject = subject === null ? null : pausing(subject);
      const evaluateThis = compileSubject(expression, evaluatorOf);
      return function* (context) {
        const value = evaluateSubject === null ? evaluateThis(context) : yield* evaluateSubject(context);
        const inner = context.withValue(value);
        const result = choose(value, inner);
        return result === null ? NOTHING : yield* pausing(result)(inner);
      };
    }
    default:
      return null;
  }
}

const resumableChoice = (choose: (context: Context) => Expression | null): Resumable =>
  function* (context) {
    const result = choose(context);
    return result === null ? NOTHING : yield* pausing(result)(context);
  };

function resumableBody(body: Expression): (value: Value, context: Context) => Steps {
  if (body.kind !== 'lambda') {
    const run = pausing(body);
    return (value, context) => run(context.withValue(value));
  }
  const { name } = body;
  const run = pausing(body.body);
  return name === '_' ? (_, context) => run(context.withNothing()) : (value, context) => run(context.withNamed(name, value));
}

function resumableOperator({ operator, left, right }: OperatorExpression): Resumable {
  const first = pausing(left);
  const second = pausing(right);
  if (!isLogical(operator)) {
    const operate = operationOf(operator, annotationOf(left), annotationOf(right));
    return function* (context) {
      return operate(yield* first(context), yield* second(context));
    };
  }
  if (operator === '|') {
    return function* (context) {
      let value: Value = null;
      try {
        value = yield* first(context);
      } catch {
        return yield* second(context);
      }
      return isNull(value) ? yield* second(context) : value;
    };
  }
  const settled = operator === '||';
  return function* (context) {
    return getBool(yield* first(context)) === settled ? settled : getBool(yield* second(context));
  };
}

function resumableNot(operand: Expression): Resumable {
  const evaluate = pausing(operand);
  const annotation = annotationOf(operand);
  return function* (context) {
    const value = yield* evaluate(context);
    if (typeof value !== 'boolean') throw new ValueTypeError(value, ['bool'], annotation);
    return !value;
  };
}

function resumableObject({ entries }: ObjectExpression): Resumable {
  const compiled = entries.map(({ key, value }) => ({
    key: typeof key === 'string' ? key : dynamicKey(evaluatorOf(key)),
    value: pausing(value),
  }));
  return function* (context) {
    const object: ValueObject = {};
    for (const { key, value } of compiled) {
      const name = typeof key === 'string' ? key : key(context);
      let field: Value;
      try {
        field = yield* value(context);
      } catch (error) {
        throw wrapError(`failed to resolve '${name}' value`, error);
      }
      if (!isDropped(field)) setKey(object, name, field);
    }
    return object;
  };
}

/** Methods that look at another message: their target means something else there. */
const CHANGES_MESSAGE = new Set(['from', 'from_all']);

function resumableCall({ name, target, args, withTarget }: CallExpression): Resumable | null {
  if (target === null || withTarget === null || CHANGES_MESSAGE.has(name)) return null;
  const [argument] = args;
  if (name === 'apply' && argument?.value.kind === 'literal') return resumableApply(target, String(argument.value.value), withTarget);
  if (!pauses(target)) return null;
  const receiver = pausing(target);
  const annotation = annotationOf(target);
  return function* (context) {
    return withTarget(yield* settled(receiver(context), annotation)).evaluate(context);
  };
}

function resumableApply(target: Expression, mapName: string, withTarget: (target: Query) => Query): Resumable {
  const receiver = pausing(target);
  const annotation = annotationOf(target);
  return function* (context) {
    const value = yield* receiver(context);
    const map = context.frame.maps?.get(mapName);
    if (map === undefined) return withTarget({ annotation, evaluate: () => value }).evaluate(context);
    return yield { map, context: context.withValue(value) };
  };
}

/** What a target came to, as an expression that yields it, or fails with its failure, at once. */
function* settled(steps: Steps, annotation: string): Generator<{ map: NamedMap; context: Context }, Query, Value> {
  try {
    const value = yield* steps;
    return { annotation, evaluate: () => value };
  } catch (error) {
    return {
      annotation,
      evaluate: () => {
        throw error;
      },
    };
  }
}
