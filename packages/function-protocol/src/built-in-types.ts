import type protobuf from 'protobufjs';
import { UnfitValueError } from './errors.ts';
import { readMessage } from './read-message.ts';
import { messageType } from './schema.ts';
import type { TypedValue } from './typed-value.ts';

/** A built-in type: how its values look in JSON. */
interface BuiltInType {
  readonly message: protobuf.Type;
  readonly expected: string;
  /** What protobufjs writes for a JSON value; `undefined` where the value does not fit. */
  readonly toField: (value: unknown) => unknown;
  readonly fromField: (field: unknown) => unknown;
  readonly absent: unknown;
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

const isInteger = (value: unknown, min: number, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

/** JSON has no NaN and no infinities, so they are written as text. */
const toFloat = (value: unknown) =>
  typeof value === 'number' ? value : ['NaN', 'Infinity', '-Infinity'].includes(value as string) ? Number(value) : undefined;
const fromFloat = (field: unknown) => (Number.isFinite(field) ? field : String(field));

function toLong(value: unknown): string | undefined {
  const isWhole = typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
  if (!isWhole) return undefined;
  const number = BigInt(value as string | number);
  return number >= LONG_MIN && number <= LONG_MAX ? String(number) : undefined;
}

/** A number where a double holds it, else text with all its digits. */
function fromLong(field: unknown): number | string {
  const text = String(field);
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

const same = (field: unknown) => field;

const BUILT_IN: Readonly<Record<string, BuiltInType>> = {
  'io.statefun.types/bool': {
    message: messageType('BoolWrapper'),
    expected: 'true or false',
    toField: (value) => (typeof value === 'boolean' ? value : undefined),
    fromField: same,
    absent: false,
  },
  'io.statefun.types/int': {
    message: messageType('IntWrapper'),
    expected: 'a whole number of 32 bits',
    toField: (value) => (isInteger(value, -(2 ** 31), 2 ** 31 - 1) ? value : undefined),
    fromField: same,
    absent: 0,
  },
  'io.statefun.types/long': {
    message: messageType('LongWrapper'),
    expected: 'a whole number of 64 bits, in quotes where it is larger than 2^53',
    toField: toLong,
    fromField: fromLong,
    absent: 0,
  },
  'io.statefun.types/float': {
    message: messageType('FloatWrapper'),
    expected: 'a number',
    toField: toFloat,
    fromField: fromFloat,
    absent: 0,
  },
  'io.statefun.types/double': {
    message: messageType('DoubleWrapper'),
    expected: 'a number',
    toField: toFloat,
    fromField: fromFloat,
    absent: 0,
  },
  'io.statefun.types/string': {
    message: messageType('StringWrapper'),
    expected: 'a text',
    toField: (value) => (typeof value === 'string' ? value : undefined),
    fromField: same,
    absent: '',
  },
};

const builtInType = (typename: string): BuiltInType | undefined => (Object.hasOwn(BUILT_IN, typename) ? BUILT_IN[typename] : undefined);

/** Whether values of this type can be shown and written as JSON; those of any other type are bytes whose form only the functions know. */
export const isBuiltInType = (typename: string): boolean => builtInType(typename) !== undefined;

/** The JSON value of a built-in type's bytes. @throws MalformedMessageError, UnfitValueError for a type that is not built in */
export function toJsonValue({ typename, value }: TypedValue): unknown {
  const type = builtInType(typename);
  if (!type) throw new UnfitValueError(typename, 'a built-in type', typename);
  const field = readMessage<{ value?: unknown }>(type.message, value, `a value of ${typename}`).value;
  return type.fromField(field ?? type.absent);
}

/** The canonical bytes of a JSON value. @throws UnfitValueError where it does not fit the type, or the type is not built in */
export function fromJsonValue(typename: string, json: unknown): TypedValue {
  const type = builtInType(typename);
  const field = type?.toField(json);
  if (!type || field === undefined) throw new UnfitValueError(typename, type?.expected ?? 'a built-in type', json);
  const value = type.message.fromObject({ value: field });
  return { typename, value: type.message.encode(value).finish() };
}
