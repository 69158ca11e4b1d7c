import {
  getBytes,
  getInt,
  getNumber,
  getString,
  getTimestamp,
  isArray,
  isObject,
  locateError,
  type Timestamp,
  type Value,
  type ValueObject,
  ValueTypeError,
} from '@sluice/values';
import type { Context } from '../query/context.ts';
import { literalQuery, type Query } from '../query/query.ts';
import { type Definition, type Documented, describe } from './definition.ts';
import {
  type ArgumentList,
  type Arguments,
  type BoundArguments,
  bindArguments,
  type Parameter,
  resolveArguments,
  type Signature,
} from './parameters.ts';

/** What a method may be called on, with what it is handed over as; anything else is a type error that names the target. */
interface ReceiverTypes {
  any: Value;
  string: string;
  bytes: Uint8Array;
  number: number;
  integer: bigint;
  array: Value[];
  object: ValueObject;
  timestamp: Timestamp;
}

type ReceiverType = keyof ReceiverTypes;

interface MethodSpecBase<P extends readonly Parameter[], R extends ReceiverType> extends Documented {
  /** Strings and bytes are taken for each other, and a timestamp for its text. @default 'any' */
  readonly receiver?: R;
  readonly parameters?: P;
}

/** The method as a function of its receiver and arguments. */
interface EvaluatedMethod<P extends readonly Parameter[], R extends ReceiverType> extends MethodSpecBase<P, R> {
  readonly evaluate: (receiver: ReceiverTypes[R], args: Arguments<P>, context: Context) => Value;
}

/** Work on the arguments is done once (a pattern compiled, a layout parsed); what it throws is a parse error when they are literals. */
interface PreparedMethod<P extends readonly Parameter[], R extends ReceiverType> extends MethodSpecBase<P, R> {
  readonly prepare: (args: Arguments<P>) => (receiver: ReceiverTypes[R], context: Context) => Value;
}

/** The method decides itself whether, when and how often its target is evaluated. Errors are not located for it. */
interface BoundMethod<P extends readonly Parameter[]> extends MethodSpecBase<P, 'any'> {
  readonly bind: (target: Query, args: Arguments<P>) => Query | Query['evaluate'];
}

/** Any number of positional arguments of any type. */
interface VariadicMethodSpec<R extends ReceiverType> extends Documented {
  readonly receiver?: R;
  readonly prepare: (args: readonly Value[]) => (receiver: ReceiverTypes[R], context: Context) => Value;
}

type MethodSpec<P extends readonly Parameter[], R extends ReceiverType> = EvaluatedMethod<P, R> | PreparedMethod<P, R> | BoundMethod<P>;

export interface MethodDefinition extends Definition {
  readonly receiver: ReceiverType;
  /** The method on a target. Throws BloblangError when the arguments make no sense. */
  readonly bind: (target: Query, args: readonly unknown[]) => Query;
  /** The method on a target once, for arguments that belong to one message; spares what `bind` prepares. */
  readonly call: (target: Query, args: readonly unknown[], context: Context) => Value;
}

/** Declares a method of the language. */
export function defineMethod<const P extends readonly Parameter[] = readonly [], R extends ReceiverType = 'any'>(
  name: string,
  spec: MethodSpec<P, R>,
): MethodDefinition {
  return definitionOf(name, spec as AnySpec & Documented, { parameters: spec.parameters ?? [], isVariadic: false }, spec.receiver ?? 'any');
}

/** Declares a method that takes any number of arguments. */
export function defineVariadicMethod<R extends ReceiverType = 'any'>(name: string, spec: VariadicMethodSpec<R>): MethodDefinition {
  return definitionOf(name, spec as unknown as AnySpec & Documented, { parameters: [], isVariadic: true }, spec.receiver ?? 'any');
}

/** The expression `target.method(args)`. Throws BloblangError for arguments that cannot be right; the parser gives it its place. */
export function callMethod(method: MethodDefinition, target: Query, list: ArgumentList): Query {
  const args = bindArguments(method, list);
  if (args.dynamic.length > 0) return callWithDynamicArguments(method, target, args);
  const query = method.bind(target, args.values);
  return method.isStatic && target.literal !== undefined ? fold(query) : query;
}

function callWithDynamicArguments(method: MethodDefinition, target: Query, args: BoundArguments): Query {
  const callee = `method '${method.name}'`;
  return {
    annotation: `method ${method.name}`,
    evaluate: (context) => method.call(target, resolveArguments(callee, args, context), context),
  };
}

const fold = (query: Query): Query => literalQuery(query.evaluate(undefined as never), query.annotation);

type AnyEvaluate = (receiver: unknown, args: readonly unknown[], context: Context) => Value;
type AnyPrepare = (args: readonly unknown[]) => (receiver: unknown, context: Context) => Value;
type PreparedSpec = { evaluate: AnyEvaluate } | { prepare: AnyPrepare };
type AnySpec = PreparedSpec | { bind: (target: Query, args: readonly unknown[]) => Query | Query['evaluate'] };

function definitionOf(name: string, spec: AnySpec & Documented, signature: Signature, receiver: ReceiverType): MethodDefinition {
  const annotation = `method ${name}`;
  const bind = 'bind' in spec ? boundBy(annotation, spec.bind) : preparedBy(annotation, spec, receiver);
  const call =
    'evaluate' in spec
      ? evaluatedBy(spec, receiver)
      : (target: Query, args: readonly unknown[], context: Context) => bind(target, args).evaluate(context);
  return { ...describe(name, spec, signature), receiver, bind, call };
}

const boundBy =
  (annotation: string, bind: (target: Query, args: readonly unknown[]) => Query | Query['evaluate']): MethodDefinition['bind'] =>
  (target, args) => {
    const bound = bind(target, args);
    return typeof bound === 'function' ? { annotation, evaluate: bound } : bound;
  };

function preparedBy(annotation: string, spec: PreparedSpec & Documented, receiver: ReceiverType): MethodDefinition['bind'] {
  const receive = RECEIVERS[receiver];
  const prepare: AnyPrepare = 'prepare' in spec ? spec.prepare : (args) => (value, context) => spec.evaluate(value, args, context);
  return (target, args) => {
    const run = prepare(args);
    if (spec.isPlugin) return { annotation, evaluate: (context) => run(receive(target.evaluate(context)), context) };
    const evaluate = (context: Context): Value => {
      const value = target.evaluate(context);
      try {
        return run(receive(value), context);
      } catch (error) {
        throw locateError(error, target.annotation);
      }
    };
    return { annotation, evaluate };
  };
}

function evaluatedBy(spec: { evaluate: AnyEvaluate } & Documented, receiver: ReceiverType): MethodDefinition['call'] {
  const receive = RECEIVERS[receiver];
  return (target, args, context) => {
    const value = target.evaluate(context);
    try {
      return spec.evaluate(receive(value), args, context);
    } catch (error) {
      throw spec.isPlugin ? error : locateError(error, target.annotation);
    }
  };
}

const RECEIVERS: { [R in ReceiverType]: (value: Value) => ReceiverTypes[R] } = {
  any: (value) => value,
  string: getString,
  bytes: getBytes,
  number: getNumber,
  integer: getInt,
  timestamp: getTimestamp,
  array: (value) => {
    if (isArray(value)) return value;
    throw new ValueTypeError(value, ['array']);
  },
  object: (value) => {
    if (isObject(value)) return value;
    throw new ValueTypeError(value, ['object']);
  },
};
