/**
 * The scalar fields of our schemas. Each takes a {@link ScalarNode} as Go's YAML reader would, or a plain value where a schema
 * states a default, and yields what the model holds; what it refuses becomes a located problem.
 */
import { parseGoDuration } from '@sluice/core';
import { z } from 'zod';
import type { BloblangSource } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { readGoBool, readGoString, resolveGoScalar } from '../yaml/go-scalar.ts';
import { type ConfigNode, describeNode, ScalarNode } from '../yaml/node.ts';

type Read<T> = (input: ScalarNode) => T | Refusal;

/** Why a value is not taken. */
export class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

interface LeafMeta {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | readonly string[];
  readonly [keyword: string]: unknown;
}

/** Defaults in schemas are written as a user would write them, so they pass through the same reader. */
const NOWHERE = { text: '', locate: () => ({ file: 'default', line: 1, column: 1 }), variableAt: () => undefined };

const asScalar = (input: unknown): ScalarNode | undefined => {
  if (input instanceof ScalarNode) return input;
  if (typeof input === 'string') return new ScalarNode(NOWHERE, 0, input, 'quoted');
  return typeof input === 'number' || typeof input === 'boolean' ? new ScalarNode(NOWHERE, 0, String(input), 'plain') : undefined;
};

/** A field that is one scalar. `expected` says what, where it is none. */
export const leaf = <T>(meta: LeafMeta, expected: string, read: Read<T>) =>
  z
    .custom<string | number | boolean | ScalarNode>((input) => asScalar(input) !== undefined, { error: `expected ${expected}` })
    .transform((input, context): T => {
      const result = read(asScalar(input)!);
      if (!(result instanceof Refusal)) return result;
      context.addIssue({ code: 'custom', message: result.message });
      return z.NEVER;
    })
    .meta({ ...meta });

const refuse = (expected: string, node: ScalarNode): Refusal => new Refusal(`expected ${expected}, got ${describeNode(node)}`);

export const text = () => leaf({ type: 'string' }, 'a text', readGoString);

export const STREAM = 'the name of a stream (up to 128 letters, digits, `_`, `.` and `-`) or its ARN';

/** Whether Kinesis may have a stream of that name or ARN; it refuses every request with another text. */
export const isStreamName = (text: string): boolean => /^(?:arn:[^:]+:kinesis:[^:]+:[^:]*:stream\/)?[\w.-]{1,128}$/.test(text);

/** An empty text counts as not set. */
export const optionalStream = () =>
  leaf({ type: 'string' }, 'a text', (node) => {
    const value = readGoString(node);
    if (value === '') return undefined;
    return isStreamName(value) ? value : refuse(STREAM, node);
  });

/** Of a consumer of enhanced fan-out, as Kinesis takes it; or nothing. */
export const consumerName = () =>
  leaf({ type: 'string' }, 'a text', (node) => {
    const name = readGoString(node);
    return /^[\w.-]{0,128}$/.test(name) ? name : refuse('a name of up to 128 letters, digits, `_`, `.` and `-`', node);
  });

/** The ARN of a role to assume; an empty text counts as not set. */
export const optionalRole = () =>
  leaf({ type: 'string' }, 'a text', (node) => {
    const value = readGoString(node);
    return value === '' ? undefined : isRoleArn(value) ? value : refuse(ROLE_ARN, node);
  });

export const ROLE_ARN = 'the ARN of a role, such as `arn:aws:iam::123456789012:role/reader`';

export const isRoleArn = (text: string): boolean => /^arn:[^:]+:iam::[^:]+:role\/./.test(text);

/** An empty text counts as not set. */
export const optionalText = () => leaf({ type: 'string' }, 'a text', (node) => readGoString(node) || undefined);

export const requiredText = () =>
  leaf({ type: 'string', minLength: 1 }, 'a text', (node) => readGoString(node) || new Refusal('must not be empty'));

/** Of one queue for all messages. */
export const queueUrl = () =>
  leaf({ type: 'string', format: 'uri' }, 'a text', (node) => {
    const url = readGoString(node);
    if (url.includes('${!')) return refuse('one queue for all messages (a `switch` output can choose among several)', node);
    return /^https?:\/\/[^/]+\/./.test(url) ? url : refuse(`the URL of a queue, such as \`${QUEUE_EXAMPLE}\``, node);
  });

const QUEUE_EXAMPLE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/letters';

/** Never printed; an empty one counts as not set. */
export const secret = () =>
  leaf({ type: 'string', format: 'password', writeOnly: true }, 'a text', (node) => {
    const value = readGoString(node);
    return value === '' ? undefined : new Secret(value);
  });

export const flag = () => leaf({ type: 'boolean' }, 'true or false', (node) => readGoBool(node) ?? refuse('true or false', node));

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Go reads null as 0 and refuses a quoted number, and so do we. May be a fraction. */
function readNumber(node: ScalarNode): number | Refusal {
  const scalar = resolveGoScalar(node);
  if (scalar.type === 'null') return 0;
  if (scalar.type === 'int' || scalar.type === 'float') return scalar.value;
  const isQuotedNumber = scalar.type === 'string' && node.style !== 'plain' && /^[-+]?\d+$/.test(node.text);
  return new Refusal(`expected an integer, got ${describeNode(node)}${isQuotedNumber ? '; remove the quotes' : ''}`);
}

/** As Benthos reads its own fields: a fraction is cut off. What is below `atLeast` counts as that, what is below `min` is refused. */
export const goInteger = ({ atLeast, min }: { readonly atLeast?: number; readonly min?: number } = {}) =>
  leaf({ type: 'integer', ...(min !== undefined && { minimum: min }) }, 'an integer', (node) => {
    const value = readNumber(node);
    if (value instanceof Refusal) return value;
    const whole = Math.trunc(value);
    if (!Number.isSafeInteger(whole)) return refuse('an integer', node);
    if (min !== undefined && whole < min) return new Refusal(`must be at least ${min}, got ${whole}`);
    return atLeast === undefined ? whole : Math.max(whole, atLeast);
  });

export const integer = ({ min, max }: Bounds = {}) =>
  leaf(
    { type: 'integer', ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) },
    'an integer',
    (node) => {
      const value = readNumber(node);
      if (value instanceof Refusal) return value;
      if (!Number.isSafeInteger(value)) return refuse('an integer', node);
      if (min !== undefined && value < min) return new Refusal(`must be at least ${min}, got ${value}`);
      if (max !== undefined && value > max) return new Refusal(`must be at most ${max}, got ${value}`);
      return value;
    },
  );

export const oneOf = <const T extends string>(...options: readonly T[]) => choice(options, options, (value) => value);

/** One of `options`, which are in upper case, written in any case; an editor proposes both. */
export const oneOfAnyCase = <const T extends string>(...options: readonly T[]) =>
  choice(options, [...options, ...options.map((option) => option.toLowerCase())], (value) => value.toUpperCase());

const choice = <const T extends string>(options: readonly T[], proposed: readonly string[], normalise: (value: string) => string) =>
  leaf({ type: 'string', enum: proposed }, `one of ${options.join(', ')}`, (node) => {
    const value = normalise(readGoString(node));
    return (options as readonly string[]).includes(value)
      ? (value as T)
      : refuse(`one of ${options.map((option) => `\`${option}\``).join(', ')}`, node);
  });

const UNARCHIVE_FORMATS = ['tar', 'zip', 'binary', 'lines', 'json_documents', 'json_array', 'json_map', 'csv'];

/** A format of Benthos's `unarchive`; `csv:x` names another delimiter. */
export const unarchiveFormat = () =>
  leaf({ type: 'string', pattern: `^(${UNARCHIVE_FORMATS.join('|')}|csv:.)$` }, 'a format', (node) => {
    const value = readGoString(node);
    const isKnown = UNARCHIVE_FORMATS.includes(value) || /^csv:.$/su.test(value);
    const names = UNARCHIVE_FORMATS.map((format) => `\`${format}\``).join(', ');
    return isKnown ? value : refuse(`one of ${names} or \`csv:\` and a delimiter`, node);
  });

const DURATION_META = { type: 'string', format: 'go-duration' } as const;

function readDuration(node: ScalarNode): number | Refusal {
  const value = readGoString(node);
  const milliseconds = value === '' ? 0 : parseGoDuration(value);
  if (milliseconds !== undefined) return milliseconds;
  const reason = /^\d+(?:\.\d+)?$/.test(value)
    ? `the unit is missing; write \`${value}ms\` or \`${value}s\``
    : 'expected a number and a unit, as in `500ms`, `1s`, `1m30s`';
  return new Refusal(`invalid duration ${describeNode(node)}: ${reason}`);
}

/** A Go duration such as `1m30s`, in milliseconds. An empty text is 0, as in Benthos. */
export const duration = ({ min = 0 }: Bounds = {}) =>
  leaf(DURATION_META, 'a duration', (node) => {
    const value = readDuration(node);
    if (value instanceof Refusal || value >= min) return value;
    return new Refusal(`must be at least ${min} ms, got ${describeNode(node)}`);
  });

/** As Benthos reads its own fields: a negative duration is none. What is below `atLeast` counts as that. */
export const goDuration = ({ atLeast = 0 }: { readonly atLeast?: number } = {}) =>
  leaf(DURATION_META, 'a duration', (node) => {
    const value = readDuration(node);
    return value instanceof Refusal ? value : Math.max(value, atLeast);
  });

/** A text whose meaning is judged elsewhere; an editor proposes `options`. */
export const proposed = (...options: readonly string[]) => leaf({ type: 'string', examples: options }, 'a text', readGoString);

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };

/** Bytes: an integer, or a text such as `512KiB`, `1MiB`, `10MB`. */
export const byteSize = () =>
  leaf({ type: ['integer', 'string'], pattern: '^\\d+(\\.\\d+)? ?([KMG]i?B|B)?$' }, 'a size in bytes', (node) => {
    const match = /^(\d+(?:\.\d+)?) ?([KMG]i?B|B|)$/i.exec(node.text.replaceAll('_', ''));
    return match
      ? Math.round(Number(match[1]) * BYTE_UNITS[match[2]!.toUpperCase()]!)
      : refuse('a size in bytes such as 65536, `512KiB` or `1MiB`', node);
  });

/** What a text of Bloblang must be. */
export type BloblangForm = 'interpolation' | 'mapping' | 'query';

/** Compiled once the whole section is read (`schema/check-bloblang.ts`): a schema's leaves know no language. */
const bloblang = (form: BloblangForm, description: string) =>
  leaf(
    { type: 'string', format: `bloblang-${form}` },
    description,
    (node): BloblangSource => ({ source: readGoString(node), position: node.position }),
  );

export const interpolation = () => bloblang('interpolation', 'a text');
export const mapping = () => bloblang('mapping', 'a Bloblang mapping');
export const query = () => bloblang('query', 'a Bloblang query');

/**
 * For `meta` of a field that is read and changes nothing: setting it to anything but its default is reported.
 * @param because ends the sentence "`field` has no effect: …"
 */
export const withoutEffect = (because: string) => ({ description: `Without effect: ${because}.`, withoutEffect: because });

export type ComponentKind = 'input' | 'output' | 'processor' | 'scanner' | 'cache' | 'rate_limit';

/** A component, or a list of them: which one it is decides its fields, so the node is handed on as it is. */
export const component = (kind: ComponentKind) => z.custom<ConfigNode>().optional().meta({ component: kind });
export const components = (kind: ComponentKind) => z.custom<ConfigNode>().optional().meta({ component: kind, isList: true });

/** The same, where none is a mistake. */
export const requiredComponent = (kind: ComponentKind) => z.custom<ConfigNode>(isGiven).meta({ component: kind });
export const requiredComponents = (kind: ComponentKind) => z.custom<ConfigNode>(isGiven).meta({ component: kind, isList: true });

const isGiven = (node: unknown): boolean => node !== undefined;
