import { isDeepStrictEqual } from 'node:util';
import { BloblangParseError, type Mapping, type Message } from '@sluice/bloblang';
import { parseInterpolation, parseMapping } from '@sluice/bloblang-library';
import { BloblangError, encodeJson } from '@sluice/values';

/** What a case ends with; exactly one of `out`, `parse_error`, `error` and `dropped` is set. */
export interface Actual {
  readonly out?: string;
  readonly meta?: unknown;
  readonly parse_error?: string;
  readonly error?: string;
  readonly dropped?: true;
}

export interface Case {
  readonly id: string;
  readonly mode: 'map' | 'mut' | 'interp';
  readonly mapping: string;
  readonly input: string;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly expect: Actual;
}

export function runCase({ mode, mapping, input, meta }: Case): Actual {
  const message: Message = { content: Buffer.from(input), metadata: meta ?? {} };
  try {
    return mode === 'interp' ? interpolate(mapping, message) : map(parseMapping(mapping), mode, message);
  } catch (error) {
    // Of an interpolated string the original reports the reason alone, with what was found in its place.
    if (error instanceof BloblangParseError) return { parse_error: mode === 'interp' ? error.reasonWithFound : error.message };
    if (error instanceof BloblangError) return { error: error.message };
    throw error;
  }
}

const interpolate = (template: string, message: Message): Actual => ({ out: parseInterpolation(template).evaluate([message], 0) });

function map(mapping: Mapping, mode: 'map' | 'mut', message: Message): Actual {
  const outcome = mode === 'map' ? mapping.map([message], 0) : mapping.mutate([message], 0);
  switch (outcome.kind) {
    case 'dropped':
      return { dropped: true };
    case 'failed':
      return { error: outcome.error.message };
    case 'mapped':
      return { out: Buffer.from(outcome.message.content).toString(), meta: plain(outcome.message.metadata) };
  }
}

/** Metadata as the JSON it would be sent as. */
const plain = (metadata: Message['metadata']): unknown => JSON.parse(encodeJson(metadata as Parameters<typeof encodeJson>[0]));

/** Metadata is compared where a case tells it; everything else must be the same, so that an output is no pass for an error. */
export function matches(expected: Actual, actual: Actual): boolean {
  const { meta: expectedMeta, ...expectedRest } = expected;
  const { meta: actualMeta, ...actualRest } = actual;
  return isDeepStrictEqual(expectedRest, actualRest) && (expectedMeta === undefined || isDeepStrictEqual(expectedMeta, actualMeta));
}
