/**
 * Values of functions as lines of JSON, a value a line. What `formatStateLine` writes, `parseStateLine` reads, byte for byte:
 *
 *     {"type":"com.example/greeter","id":"alice","name":"seen","typename":"io.statefun.types/int","value":3}
 *     {"type":"com.example/greeter","id":"alice","name":"profile","typename":"com.example/Profile","value_base64":"eyJhZ2UiOjQyfQ=="}
 */
import { fromJsonValue, isBuiltInType, parseTypeName, toJsonValue } from '@sluice/function-protocol';
import { StateLineError } from '@sluice/functions';
import type { StateValue } from './state-value.ts';

const FIELDS = new Set(['type', 'id', 'name', 'typename', 'value', 'value_base64', 'expires_at']);

/** A value as JSON has it: `value` for a built-in type whose bytes say nothing else, else its bytes in base64. */
export function valueAsJson({ typename, value }: Pick<StateValue, 'typename' | 'value'>): { value: unknown } | { value_base64: string } {
  if (isBuiltInType(typename)) {
    try {
      const json = toJsonValue({ typename, value });
      if (Buffer.from(fromJsonValue(typename, json).value).equals(value)) return { value: json };
    } catch {
      // Bytes that are no value of their type are kept as they are.
    }
  }
  return { value_base64: Buffer.from(value).toString('base64') };
}

export const expiryAsJson = ({ expiresAtMs }: Pick<StateValue, 'expiresAtMs'>): { expires_at?: string } =>
  expiresAtMs === undefined ? {} : { expires_at: new Date(expiresAtMs).toISOString() };

/** @param isBase64 all values in base64, whatever their type */
export function formatStateLine({ type, id, name, ...stored }: StateValue, isBase64: boolean): string {
  const value = isBase64 ? { value_base64: Buffer.from(stored.value).toString('base64') } : valueAsJson(stored);
  return JSON.stringify({ type, id, name, typename: stored.typename, ...value, ...expiryAsJson(stored) });
}

/** @throws {StateLineError} saying what is wrong with the line */
export function parseStateLine(text: string, lineNumber: number): StateValue {
  const fail = (expected: string) => new StateLineError(lineNumber, expected);
  let line: Record<string, unknown>;
  try {
    line = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw fail('expected a JSON object');
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) throw fail('expected a JSON object');
  const unknown = Object.keys(line).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) throw fail(`unknown field ${unknown}; the fields are ${[...FIELDS].join(', ')}`);
  const [type, id, name, typename] = ['type', 'id', 'name', 'typename'].map((field) => {
    if (typeof line[field] !== 'string') throw fail(`expected a text as ${field}`);
    return line[field];
  }) as [string, string, string, string];
  for (const [field, given] of Object.entries({ type, typename }))
    if (!parseTypeName(given)) throw fail(`expected namespace/name as ${field}`);
  return { type, id, name, typename, value: bytesOf(line, typename, fail), ...expiryOf(line, fail) };
}

function bytesOf(line: Record<string, unknown>, typename: string, fail: (expected: string) => StateLineError): Buffer {
  if ('value' in line === 'value_base64' in line) throw fail('expected either value or value_base64');
  if ('value' in line) {
    if (!isBuiltInType(typename)) throw fail(`expected value_base64, since ${typename} is not built in`);
    try {
      return Buffer.from(fromJsonValue(typename, line['value']).value);
    } catch (error) {
      throw fail((error as Error).message);
    }
  }
  const text = line['value_base64'];
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : undefined;
  // Node skips what is no base64.
  if (!bytes || bytes.toString('base64').replaceAll('=', '') !== (text as string).replaceAll('=', ''))
    throw fail('expected base64 as value_base64');
  return bytes;
}

function expiryOf(line: Record<string, unknown>, fail: (expected: string) => StateLineError): { expiresAtMs?: number } {
  const text = line['expires_at'];
  if (text === undefined) return {};
  const expiresAtMs = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(expiresAtMs)) throw fail('expected a time such as 2026-01-31T12:00:00.000Z as expires_at');
  return { expiresAtMs };
}
