import {
  BloblangError,
  decodeText,
  getBool,
  getInt,
  getNumber,
  getTimestamp,
  isArray,
  isObject,
  type Timestamp,
  type TypeName,
  typeName,
  type Value,
  type ValueObject,
  wrapError,
} from '@sluice/values';
import { type Lambda, literalQuery, type Query, toLambda } from '../query/query.ts';

/** The types of a parameter, with what an argument of that type is handed over as. */
interface ArgumentTypes {
  string: string;
  integer: bigint;
  float: number;
  number: number;
  bool: boolean;
  array: Value[];
  object: ValueObject;
  timestamp: Timestamp;
  any: Value;
  query: Lambda;
}

type ParameterType = keyof ArgumentTypes;

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  /** What stands in for an argument that is not given, as Bloblang value. Makes the parameter optional. */
  readonly default?: Value;
  /** May be left out; the argument is then `undefined`. */
  readonly optional?: true;
  /** Only a literal is accepted, since the argument configures the call site once. */
  readonly noDynamic?: true;
}

type Argument<P extends Parameter> = P extends { readonly optional: true }
  ? ArgumentTypes[P['type']] | undefined
  : ArgumentTypes[P['type']];

/** The arguments in the order of the parameters; defaults are filled in. */
export type Arguments<P extends readonly Parameter[]> = { readonly [K in keyof P]: Argument<P[K]> };

/** The arguments as a caller writes them: all positional or all named. */
export type ArgumentList = { readonly positional: readonly Query[] } | { readonly named: ReadonlyMap<string, Query> };

/** What is known of a function or method before its arguments are checked. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** Takes any number of positional arguments of any type instead of `parameters`. */
  readonly isVariadic: boolean;
}

interface DynamicArgument {
  readonly index: number;
  readonly parameter: Parameter;
  readonly query: Query;
}

/** Checked arguments: `values` is complete unless some must be evaluated for each message. */
export interface BoundArguments {
  readonly values: readonly unknown[];
  readonly dynamic: readonly DynamicArgument[];
}

/** Checks arguments against a signature. Literals are converted at once; throws BloblangError, which is a parse error for the caller. */
export function bindArguments(signature: Signature, list: ArgumentList): BoundArguments {
  if (signature.isVariadic) return bindVariadic(list);
  return 'positional' in list ? bindPositional(signature.parameters, list.positional) : bindNamed(signature.parameters, list.named);
}

/** Evaluates the arguments that are not literals; `callee` begins the text of an error: `method 'index'`. */
export function resolveArguments(callee: string, bound: BoundArguments, context: Parameters<Query['evaluate']>[0]): unknown[] {
  const values = bound.values.slice();
  for (const { index, parameter, query } of bound.dynamic) {
    try {
      values[index] = convertArgument(parameter, query.evaluate(context));
    } catch (error) {
      throw wrapError(`${callee}: failed to extract input arg '${parameter.name}'`, error);
    }
  }
  return values;
}

const variadicParameter = (index: number): Parameter => ({ name: String(index), type: 'any', description: '' });

function bindVariadic(list: ArgumentList): BoundArguments {
  if ('named' in list) throw new BloblangError('named arguments are not supported');
  const dynamic: DynamicArgument[] = [];
  const values = list.positional.map((query, index) => {
    if (query.literal !== undefined) return query.literal.value;
    dynamic.push({ index, parameter: variadicParameter(dynamic.length), query });
    return undefined;
  });
  return { values, dynamic };
}

function bindPositional(parameters: readonly Parameter[], queries: readonly Query[]): BoundArguments {
  if (queries.length > parameters.length) {
    throw new BloblangError(`wrong number of arguments, expected ${parameters.length}, got ${queries.length}`);
  }
  const bound = bindEach(parameters, (_, index) => queries[index]);
  refuseMissing(bound.missing);
  return bound;
}

function bindNamed(parameters: readonly Parameter[], queries: ReadonlyMap<string, Query>): BoundArguments {
  const bound = bindEach(parameters, (parameter) => queries.get(parameter.name));
  const known = new Set(parameters.map((parameter) => parameter.name));
  const unexpected = [...queries.keys()].filter((name) => !known.has(name)).sort();
  if (unexpected.length > 0) {
    throw new BloblangError(`unknown parameter${unexpected.length > 1 ? 's' : ''} ${unexpected.join(', ')}${suggestion(bound.missing)}`);
  }
  refuseMissing(bound.missing);
  return bound;
}

function suggestion(missing: readonly string[]): string {
  if (missing.length === 0) return '';
  return missing.length === 1 ? `, did you mean ${missing[0]}?` : `, expected ${missing.join(', ')}`;
}

function refuseMissing(missing: readonly string[]): void {
  if (missing.length > 0) throw new BloblangError(`missing parameter${missing.length > 1 ? 's' : ''}: ${missing.join(', ')}`);
}

function bindEach(
  parameters: readonly Parameter[],
  queryOf: (parameter: Parameter, index: number) => Query | undefined,
): BoundArguments & { missing: string[] } {
  const dynamic: DynamicArgument[] = [];
  const missing: string[] = [];
  const values = parameters.map((parameter, index): unknown => {
    const query = queryOf(parameter, index);
    if (query === undefined) {
      if (parameter.default !== undefined) return defaultOf(parameter, parameter.default);
      if (!parameter.optional) missing.push(parameter.name);
      return undefined;
    }
    if (parameter.type === 'query') return toLambda(query);
    if (query.literal !== undefined) return convertLiteral(parameter, query.literal.value);
    if (parameter.noDynamic) throw new BloblangError(`param ${parameter.name} must not be dynamic`);
    dynamic.push({ index, parameter, query });
    return undefined;
  });
  return { values, dynamic, missing };
}

function defaultOf(parameter: Parameter, value: Value): unknown {
  return parameter.type === 'query' ? toLambda(literalQuery(value, `${typeName(value)} literal`)) : convertLiteral(parameter, value);
}

function convertLiteral(parameter: Parameter, value: Value): unknown {
  try {
    return convertArgument(parameter, value);
  } catch (error) {
    throw wrapError(`field ${parameter.name}`, error);
  }
}

function convertArgument({ type }: Parameter, value: Value): unknown {
  switch (type) {
    case 'any':
      return value;
    case 'integer':
      return getInt(value);
    case 'float':
    case 'number':
      return getNumber(value);
    case 'bool':
      return getBool(value);
    case 'timestamp':
      return getTimestamp(value);
    case 'string':
      if (typeof value === 'string') return value;
      if (value instanceof Uint8Array) return decodeText(value);
      break;
    case 'array':
      if (isArray(value)) return value;
      break;
    case 'object':
      if (isObject(value)) return value;
      break;
    case 'query':
      break;
  }
  const expected: TypeName = type === 'query' ? 'query expression' : (type as TypeName);
  throw new BloblangError(`wrong argument type, expected ${expected}, got ${typeName(value)}`);
}
