/** Whether a message is as a test wants it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping, Message } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { TestCondition } from '@sluice/config';
import { encodeJson, equals, isArray, isObject, parseJson, quote, type Value } from '@sluice/values';
import { type DifferenceStyle, jsonDifference } from './json-difference.ts';

export interface CheckContext {
  /** Of the file of the test: what it names is relative to that. */
  readonly folder: string;
  readonly style: DifferenceStyle;
}

/** Of one message among those of its batch: why the condition does not hold, or nothing. */
export type Check = (batch: readonly Message[], index: number) => string | undefined;

/** @throws {Error} a file that cannot be read, a pattern or mapping that does not parse */
export function compileCondition({ name, expected }: TestCondition, { folder, style }: CheckContext): Check {
  const content = () => readFileSync(join(folder, expected as string), 'utf8');
  switch (name) {
    case 'bloblang':
      return holds(parseMapping(expected as string));
    case 'content_equals':
      return contentEquals(expected as string);
    case 'file_equals':
      return contentEquals(content());
    case 'content_matches':
      return contentMatches(expected as string);
    case 'metadata_equals':
      return metadataEquals(expected as Readonly<Record<string, Value>>);
    case 'json_equals':
      return jsonEquals(toValue(expected), style);
    case 'file_json_equals':
      return jsonEquals(parseJson(content()), style);
    case 'json_contains':
      return jsonContains(toValue(expected), style);
    case 'file_json_contains':
      return jsonContains(parseJson(content()), style);
    default:
      throw new Error(`there is no condition ${name}`);
  }
}

const toValue = (document: unknown): Value => parseJson(JSON.stringify(document));

const textOf = (batch: readonly Message[], index: number): string => Buffer.from(batch[index]!.content).toString();

function holds(mapping: Mapping): Check {
  return (batch, index) => {
    const outcome = mapping.map(batch, index);
    if (outcome.kind === 'failed') return outcome.error.message;
    if (outcome.kind === 'mapped' && Buffer.from(outcome.message.content).toString() === 'true') return undefined;
    return 'bloblang expression was false';
  };
}

function contentEquals(expected: string): Check {
  return (batch, index) => {
    const received = textOf(batch, index);
    return received === expected ? undefined : `content mismatch\n  expected: ${expected}\n  received: ${received}`;
  };
}

function contentMatches(pattern: string): Check {
  const matches = holds(parseMapping(`root = content().re_match(${quote(pattern)})`));
  return (batch, index) =>
    matches(batch, index) === undefined ? undefined : `pattern mismatch\n   pattern: ${pattern}\n  received: ${textOf(batch, index)}`;
}

function metadataEquals(expected: Readonly<Record<string, Value>>): Check {
  return (batch, index) => {
    const metadata = batch[index]!.metadata as Readonly<Record<string, Value>>;
    for (const [key, value] of Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!Object.hasOwn(metadata, key)) return `metadata key '${key}' expected but not found`;
      if (encodeJson(metadata[key]!) !== encodeJson(value))
        return `metadata key '${key}' mismatch\n  expected: ${shown(value)}\n  received: ${shown(metadata[key]!)}`;
    }
    return undefined;
  };
}

const shown = (value: Value): string => (typeof value === 'string' ? value : encodeJson(value));

function jsonEquals(expected: Value, style: DifferenceStyle): Check {
  return (batch, index) => {
    const received = documentOf(batch, index);
    if (received === undefined) return 'JSON content mismatch\nfirst argument is invalid json';
    return equals(received, expected) ? undefined : `JSON content mismatch\n${jsonDifference(received, expected, style)}`;
  };
}

function jsonContains(expected: Value, style: DifferenceStyle): Check {
  return (batch, index) => {
    const received = documentOf(batch, index);
    if (received === undefined) return 'JSON superset mismatch\nfirst argument is invalid json';
    return contains(received, expected) ? undefined : `JSON superset mismatch\n${jsonDifference(received, expected, style)}`;
  };
}

function documentOf(batch: readonly Message[], index: number): Value | undefined {
  try {
    return parseJson(textOf(batch, index));
  } catch {
    return undefined;
  }
}

/** Objects may have more fields than expected; lists may not have more elements. */
function contains(received: Value, expected: Value): boolean {
  if (isObject(expected) && isObject(received))
    return Object.entries(expected).every(([name, value]) => Object.hasOwn(received, name) && contains(received[name]!, value));
  if (isArray(expected) && isArray(received))
    return expected.length === received.length && expected.every((value, index) => contains(received[index]!, value));
  return equals(received, expected);
}
