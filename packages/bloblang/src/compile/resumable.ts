/**
 * Evaluation that can pause wherever a map is applied, so that maps may enter one another as deep as the language allows without
 * a stack that is as deep. It is slower than closures, and used only from some depth on.
 *
 * Pauses are possible in the places where recursive maps recurse: operands, branches, elements, receivers. In an argument, a
 * condition or a lambda that a method calls, a map is run on the stack, which then is the limit.
 */

import { getBool, isNull, NIL_ARRAY, NOTHING, setKey, type Value, type ValueObject, ValueTypeError, wrapError } from '@sluice/values';
import type { Context, NamedMap, Steps } from '../query/context.ts';
import type { Query } from '../query/query.ts';
import { readerOf } from '../query/read-path.ts';
import type { CallExpression, Expression, ObjectExpression, OperatorExpression } from '../syntax/ast.ts';
import { annotationOf } from './annotation.ts';
import { chooserOfIf, chooserOfMatch } from './branches.ts';
import type { ExpressionCompiler } from './expression-compiler.ts';
import { isLogical, operationOf } from './operators.ts';
import { dynamicKey, isDropped } from './structures.ts';

type Resumable = (context: Context) => Steps;

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

/** Makes expressions that pause at maps. */
export class ResumableCompiler {
  private readonly compiler: ExpressionCompiler;
  private readonly made = new WeakMap<Expression, Resumable | null>();

  constructor(compiler: ExpressionCompiler) {
    this.compiler = compiler;
  }

  /** `null` if the expression applies no map where it could pause. */
  compile(expression: Expression): Resumable | null {
    let resumable = this.made.get(expression);
    if (resumable === undefined) {
      resumable = this.make(expression);
      this.made.set(expression, resumable);
    }
    return resumable;
  }

  /** Any expression, as one that may pause. */
  private readonly pausing = (expression: Expression): Resumable => {
    const resumable = this.compile(expression);
    if (resumable !== null) return resumable;
    const { evaluate } = this.compiler.compile(expression);
    // biome-ignore lint/correctness/useYield: it has nothing to pause for.
    return function* (context) {
      return evaluate(context);
    };
  };

  private pauses(...expressions: ReadonlyArray<Expression | null>): boolean {
    return expressions.some((expression) => expression !== null && this.compile(expression) !== null);
  }

  private make(expression: Expression): Resumable | null {
    switch (expression.kind) {
      case 'call':
        return this.resumableCall(expression);
      case 'operator':
        return this.pauses(expression.left, expression.right) ? this.resumableOperator(expression) : null;
      case 'not':
        return this.pauses(expression.operand) ? this.resumableNot(expression.operand) : null;
      case 'path': {
        if (!this.pauses(expression.target)) return null;
        const target = this.pausing(expression.target);
        const read = readerOf(expression.path);
        return function* (context) {
          return read(yield* target(context));
        };
      }
      case 'map': {
        const { body: named } = expression;
        if (!this.pauses(expression.target, named.kind === 'lambda' ? named.body : named)) return null;
        const target = this.pausing(expression.target);
        const body = this.resumableBody(named);
        return function* (context) {
          return yield* body(yield* target(context), context);
        };
      }
      case 'array': {
        if (!this.pauses(...expression.elements)) return null;
        const elements = expression.elements.map(this.pausing);
        return function* (context) {
          const values: Value[] = [];
          for (const element of elements) {
            const value = yield* element(context);
            if (!isDropped(value)) values.push(value);
          }
          return values.length === 0 ? NIL_ARRAY : values;
        };
      }
      case 'object':
        return this.pauses(...expression.entries.map(({ value }) => value)) ? this.resumableObject(expression) : null;
      case 'if':
        return this.pauses(expression.otherwise, ...expression.branches.map(({ result }) => result))
          ? this.resumableChoice(chooserOfIf(expression, this.compiler.evaluatorOf))
          : null;
      case 'match': {
        const { subject, cases } = expression;
        if (!this.pauses(subject, ...cases.map(({ result }) => result))) return null;
        const choose = chooserOfMatch(expression, this.compiler.evaluatorOf);
        const evaluateSubject = subject === null ? null : this.pausing(subject);
        const { pausing } = this;
        return function* (context) {
          const inner = evaluateSubject === null ? context.withThis() : context.withValue(yield* evaluateSubject(context));
          const result = choose(inner);
          return result === null ? NOTHING : yield* pausing(result)(inner);
        };
      }
      default:
        return null;
    }
  }

  private resumableChoice(choose: (context: Context) => Expression | null): Resumable {
    const { pausing } = this;
    return function* (context) {
      const result = choose(context);
      return result === null ? NOTHING : yield* pausing(result)(context);
    };
  }

  private resumableBody(body: Expression): (value: Value, context: Context) => Steps {
    if (body.kind !== 'lambda') {
      const run = this.pausing(body);
      return (value, context) => run(context.withValue(value));
    }
    const { name } = body;
    const run = this.pausing(body.body);
    return name === '_' ? (_, context) => run(context.withNothing()) : (value, context) => run(context.withNamed(name, value));
  }

  private resumableOperator({ operator, left, right }: OperatorExpression): Resumable {
    const first = this.pausing(left);
    const second = this.pausing(right);
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

  private resumableNot(operand: Expression): Resumable {
    const evaluate = this.pausing(operand);
    const annotation = annotationOf(operand);
    return function* (context) {
      const value = yield* evaluate(context);
      if (typeof value !== 'boolean') throw new ValueTypeError(value, ['bool'], annotation);
      return !value;
    };
  }

  private resumableObject({ entries }: ObjectExpression): Resumable {
    const compiled = entries.map(({ key, value }) => ({
      key: typeof key === 'string' ? key : dynamicKey(this.compiler.evaluatorOf(key)),
      value: this.pausing(value),
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

  private resumableCall({ name, target, args }: CallExpression): Resumable | null {
    if (target === null || CHANGES_MESSAGE.has(name)) return null;
    const withTarget = this.compiler.methodOf({ name, args });
    const [argument] = args;
    if (name === 'apply' && argument?.value.kind === 'literal')
      return this.resumableApply(target, String(argument.value.value), withTarget);
    if (!this.pauses(target)) return null;
    const receiver = this.pausing(target);
    const annotation = annotationOf(target);
    return function* (context) {
      return withTarget(yield* settled(receiver(context), annotation)).evaluate(context);
    };
  }

  private resumableApply(target: Expression, mapName: string, withTarget: (target: Query) => Query): Resumable {
    const receiver = this.pausing(target);
    const annotation = annotationOf(target);
    return function* (context) {
      const value = yield* receiver(context);
      const map = context.frame.maps?.get(mapName);
      if (map === undefined) return withTarget({ annotation, evaluate: () => value }).evaluate(context);
      return yield { map, context: context.withValue(value) };
    };
  }
}

/** Methods that look at another message: their target means something else there. */
const CHANGES_MESSAGE = new Set(['from', 'from_all']);

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
