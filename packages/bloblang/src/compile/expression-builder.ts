import { BloblangError, goTypeName, NIL_ARRAY, parsePath, setKey, type Value, type ValueObject } from '@sluice/values';
import type { Argument, Expression, IfBranch, Literal, MatchCase, ObjectEntry, Operator, OperatorExpression } from '../syntax/ast.ts';
import type { Builder } from '../syntax/builder.ts';
import { annotationOf } from './annotation.ts';
import type { ExpressionCompiler } from './expression-compiler.ts';
import { isLogical, operationOf } from './operators.ts';
import { isDropped } from './structures.ts';

/** The operators of each pass over a chain, tightest first; within a pass they associate to the left. */
const PASSES: ReadonlyArray<ReadonlySet<Operator>> = [
  new Set<Operator>(['*', '/', '%', '|']),
  new Set<Operator>(['+', '-']),
  new Set<Operator>(['==', '!=', '>', '<', '>=', '<=']),
  new Set<Operator>(['&&', '||']),
];

/** Makes the nodes of the syntax tree: folds constants, and has the compiler check each call at once. */
export class ExpressionBuilder implements Builder {
  private readonly compiler: ExpressionCompiler;

  constructor(compiler: ExpressionCompiler) {
    this.compiler = compiler;
  }

  literal(value: Value): Expression {
    return literalOf(value);
  }

  reference(name: string, isBound: boolean): Expression {
    if (name === 'this' || name === 'root') return { kind: 'field', base: name, path: [] };
    return isBound ? { kind: 'field', base: { name }, path: [] } : { kind: 'field', base: 'this', path: [name] };
  }

  path(target: Expression, path: readonly string[]): Expression {
    if (target.kind === 'field' || target.kind === 'path') return { ...target, path: [...target.path, ...path] };
    return { kind: 'path', target, path };
  }

  variable(name: string): Expression {
    return { kind: 'variable', name };
  }

  metadata(key: string): Expression {
    return { kind: 'metadata', key };
  }

  array(elements: readonly Expression[]): Expression {
    if (!elements.every((element) => element.kind === 'literal')) return { kind: 'array', elements };
    const values = elements.map((element) => element.value).filter((value) => !isDropped(value));
    return literalOf(values.length === 0 ? NIL_ARRAY : values);
  }

  object(entries: readonly ObjectEntry[]): Expression {
    const keyed = entries.map(({ key, value }) => ({ key: staticKey(key), value }));
    const folded: ValueObject = {};
    for (const { key, value } of keyed) {
      if (typeof key !== 'string' || value.kind !== 'literal') return { kind: 'object', entries: keyed };
      if (!isDropped(value.value)) setKey(folded, key, value.value);
    }
    return literalOf(folded);
  }

  function(name: string, args: readonly Argument[]): Expression {
    return this.call(name, null, args);
  }

  method(name: string, target: Expression, args: readonly Argument[]): Expression {
    const call = this.call(name, target, args);
    const [only] = args;
    // A path that is known extends the one it hangs on, as if it had been written with dots.
    return name === 'get' && only?.value.kind === 'literal' ? this.path(target, parsePath(String(only.value.value))) : call;
  }

  private call(name: string, target: Expression | null, args: readonly Argument[]): Expression {
    const query = this.compiler.bind({ name, target, args });
    const { annotation, literal } = query;
    return literal === undefined
      ? this.compiler.adopt({ kind: 'call', name, target, args, annotation }, query)
      : literalOf(literal.value, annotation);
  }

  map(target: Expression, body: Expression): Expression {
    return { kind: 'map', target, body };
  }

  not(operand: Expression): Expression {
    return { kind: 'not', operand };
  }

  negative(operand: Expression): Expression {
    return operation('-', literalOf(0n), operand);
  }

  arithmetic(operands: readonly Expression[], operators: readonly Operator[]): Expression {
    let chain = { operands, operators };
    for (const pass of PASSES) chain = reduce(chain.operands, chain.operators, pass);
    return chain.operands[0]!;
  }

  match(subject: Expression | null, cases: readonly MatchCase[]): Expression {
    return { kind: 'match', subject, cases };
  }

  if(branches: readonly IfBranch[], otherwise: Expression | null): Expression {
    return { kind: 'if', branches, otherwise };
  }

  lambda(name: string, body: Expression): Expression {
    return { kind: 'lambda', name, body };
  }
}

const literalOf = (value: Value, annotation = ''): Literal => ({ kind: 'literal', value, annotation });

function staticKey(key: string | Expression): string | Expression {
  if (typeof key === 'string' || key.kind !== 'literal') return key;
  if (typeof key.value === 'string') return key.value;
  throw new BloblangError(`object keys must be strings, received: ${goTypeName(key.value)}`);
}

/** Applies the operators of one pass, from left to right; the others stay in the chain. */
function reduce(operands: readonly Expression[], operators: readonly Operator[], pass: ReadonlySet<Operator>) {
  const remaining = { operands: [operands[0]!], operators: [] as Operator[] };
  operators.forEach((operator, index) => {
    const right = operands[index + 1]!;
    if (pass.has(operator)) {
      remaining.operands.push(operation(operator, remaining.operands.pop()!, right));
    } else {
      remaining.operands.push(right);
      remaining.operators.push(operator);
    }
  });
  return remaining;
}

/** An operation on constants is done at once, and may fail at once; that of a logical operator never is. */
function operation(operator: Operator, left: Expression, right: Expression): Expression {
  const node: OperatorExpression = { kind: 'operator', operator, left, right };
  if (isLogical(operator) || left.kind !== 'literal' || right.kind !== 'literal') return node;
  const annotation = annotationOf(right);
  return literalOf(operationOf(operator, annotationOf(left), annotation)(left.value, right.value), annotation);
}
