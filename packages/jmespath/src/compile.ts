/** Queries of JMESPath, with the results and the error texts of go-jmespath. */
import { BloblangError, clone, compareText, getKey, isArray, isObject, setKey, type Value, type ValueObject } from '@sluice/values';
import { asDocument, asFloats } from './floats.ts';
import { callFunction, ExpressionReference } from './functions.ts';
import { type Comparator, type Node, parseQuery, type Slice } from './parser.ts';
import { isEqual, isFalse } from './truth.ts';

export { JmespathSyntaxError } from './errors.ts';

type Evaluate = (value: Value) => Value;

/**
 * A compiled query, which takes the document over. Throws BloblangError where a function does not take what it is given.
 * @throws {JmespathSyntaxError} or BloblangError, for a literal that is no JSON
 */
export function compileJmespath(query: string): (document: Value) => Value {
  const evaluate = compile(parseQuery(query));
  return (document) => asDocument(evaluate(asFloats(document)));
}

function compile(node: Node): Evaluate {
  switch (node.kind) {
    case 'current':
      return (value) => value;
    case 'field':
      return (value) => (isObject(value) ? getKey(value, node.name) : null);
    case 'index':
      return (value) => (isArray(value) ? (value.at(node.index) ?? null) : null);
    case 'slice':
      return (value) => (isArray(value) ? sliceOf(value, node.slice) : null);
    case 'literal':
      return () => clone(node.value);
    case 'list':
      return listOf(node.items.map(compile));
    case 'hash':
      return hashOf(node.entries.map(([name, entry]) => [name, compile(entry)]));
    case 'call':
      return callOf(node.name, node.args.map(compile));
    case 'expref': {
      const reference = new ExpressionReference(compile(node.operand));
      return () => reference as unknown as Value;
    }
    case 'not':
    case 'flatten':
      return node.kind === 'not' ? not(compile(node.operand)) : flatten(compile(node.operand));
    case 'compare':
      return comparison(node.comparator, compile(node.left), compile(node.right));
    case 'filter':
      return filter(compile(node.left), compile(node.condition), compile(node.right));
    default:
      return joined(node.kind, compile(node.left), compile(node.right));
  }
}

function joined(kind: 'then' | 'or' | 'and' | 'project' | 'projectValues', left: Evaluate, right: Evaluate): Evaluate {
  switch (kind) {
    case 'then':
      return (value) => right(left(value));
    case 'or':
      return (value) => {
        const first = left(value);
        return isFalse(first) ? right(value) : first;
      };
    case 'and':
      return (value) => {
        const first = left(value);
        return isFalse(first) ? first : right(value);
      };
    case 'project':
      return (value) => {
        const elements = left(value);
        return isArray(elements) ? project(elements, right) : null;
      };
    case 'projectValues':
      return (value) => {
        const object = unlessFailed(left, value);
        return isObject(object)
          ? project(
              Object.keys(object)
                .sort(compareText)
                .map((key) => object[key]!),
              right,
            )
          : null;
      };
  }
}

/** What each element becomes, without nulls. */
function project(elements: readonly Value[], evaluate: Evaluate): Value[] {
  const found: Value[] = [];
  for (const element of elements) {
    const result = evaluate(element);
    if (result !== null) found.push(result);
  }
  return found;
}

const listOf =
  (items: readonly Evaluate[]): Evaluate =>
  (value) =>
    value === null ? null : items.map((item) => item(value));

const hashOf =
  (entries: ReadonlyArray<readonly [string, Evaluate]>): Evaluate =>
  (value) => {
    if (value === null) return null;
    const hash: ValueObject = {};
    for (const [name, entry] of entries) setKey(hash, name, entry(value));
    return hash;
  };

const callOf =
  (name: string, args: readonly Evaluate[]): Evaluate =>
  (value) =>
    callFunction(
      name,
      args.map((arg) => arg(value)),
    );

const not =
  (operand: Evaluate): Evaluate =>
  (value) =>
    isFalse(operand(value));

const flatten =
  (operand: Evaluate): Evaluate =>
  (value) => {
    const elements = unlessFailed(operand, value);
    return isArray(elements) ? elements.flat() : null;
  };

const filter =
  (left: Evaluate, condition: Evaluate, right: Evaluate): Evaluate =>
  (value) => {
    const elements = unlessFailed(left, value);
    if (!isArray(elements)) return null;
    return project(
      elements.filter((element) => !isFalse(condition(element))),
      right,
    );
  };

/** What stands in front of `[]`, `[?` and `.*` may fail, and is null then. */
function unlessFailed(evaluate: Evaluate, value: Value): Value {
  try {
    return evaluate(value);
  } catch (error) {
    if (error instanceof BloblangError) return null;
    throw error;
  }
}

function comparison(comparator: Comparator, left: Evaluate, right: Evaluate): Evaluate {
  if (comparator === 'tEQ') return (value) => isEqual(left(value), right(value));
  if (comparator === 'tNE') return (value) => !isEqual(left(value), right(value));
  return (value) => {
    const [a, b] = [left(value), right(value)];
    if (typeof a !== 'number' || typeof b !== 'number') return null;
    if (comparator === 'tGT') return a > b;
    if (comparator === 'tGTE') return a >= b;
    return comparator === 'tLT' ? a < b : a <= b;
  };
}

function sliceOf(values: readonly Value[], [start, stop, step = 1]: Slice): Value[] {
  if (step === 0) throw new BloblangError('Invalid slice, step cannot be 0');
  const { length } = values;
  const capped = (place: number): number => {
    if (place < 0) return Math.max(place + length, step < 0 ? -1 : 0);
    return place < length ? place : step < 0 ? length - 1 : length;
  };
  const from = start === undefined ? (step < 0 ? length - 1 : 0) : capped(start);
  const to = stop === undefined ? (step < 0 ? -1 : length) : capped(stop);
  const found: Value[] = [];
  for (let place = from; step > 0 ? place < to : place > to; place += step) found.push(values[place]!);
  return found;
}
