/** Reads members of a decoded request. A wrong type is a `SerializationException`, a value outside its range a `ValidationException`. */
import { constraintViolated, serialization } from '../service-error.ts';
import { Timestamp } from './timestamp.ts';

/** A decoded request, or a reply before it is encoded; JSON but for `Timestamp` and `ByteString`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The API's member names begin in upper case, its messages quote them in lower case. */
const pathOf = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1);

export function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw serialization('Start of structure or map found where not expected.');
  return value as JsonObject;
}

export function optionalObject(input: JsonObject, member: string): JsonObject | undefined {
  const value = input[member];
  return value === undefined || value === null ? undefined : asObject(value);
}

export const requiredObject = (input: JsonObject, member: string): JsonObject => present(optionalObject(input, member), member);

export interface TextRule {
  readonly pattern?: RegExp;
  readonly max?: number;
  readonly among?: readonly string[];
}

export function optionalText(input: JsonObject, member: string, rule: TextRule = {}): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw serialization(`${member}: expected a string.`);
  if (value.length < 1) throw constraintViolated(pathOf(member), 'Member must have length greater than or equal to 1');
  if (rule.max !== undefined && value.length > rule.max) {
    throw constraintViolated(pathOf(member), `Member must have length less than or equal to ${rule.max}`);
  }
  if (rule.pattern && !rule.pattern.test(value)) {
    throw constraintViolated(
      pathOf(member),
      `Member must satisfy regular expression pattern: ${rule.pattern.source.replace(/^\^|\$$/g, '')}`,
    );
  }
  if (rule.among && !rule.among.includes(value)) {
    throw constraintViolated(pathOf(member), `Member must satisfy enum value set: [${rule.among.join(', ')}]`);
  }
  return value;
}

export const requiredText = (input: JsonObject, member: string, rule: TextRule = {}): string =>
  present(optionalText(input, member, rule), member);

export function optionalInteger(input: JsonObject, member: string, { min, max }: { min: number; max: number }): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw serialization(`${member}: expected an integer.`);
  if (value < min) throw constraintViolated(pathOf(member), `Member must have value greater than or equal to ${min}`);
  if (value > max) throw constraintViolated(pathOf(member), `Member must have value less than or equal to ${max}`);
  return value;
}

export const requiredInteger = (input: JsonObject, member: string, range: { min: number; max: number }): number =>
  present(optionalInteger(input, member, range), member);

/** A timestamp, which AWS JSON has in seconds with a fraction, as whole milliseconds. */
export function optionalTimestampMs(input: JsonObject, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (value instanceof Timestamp) return value.ms;
  if (typeof value !== 'number') throw serialization(`${member}: expected a timestamp.`);
  return Math.round(value * 1000);
}

function present<Value>(value: Value | undefined, member: string): Value {
  if (value === undefined) throw constraintViolated(pathOf(member), 'Member must not be null');
  return value;
}
