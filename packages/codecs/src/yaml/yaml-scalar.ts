/** What a plain scalar of YAML stands for, by the rules of Go's yaml.v3: those of YAML 1.2 and numbers of 1.1 besides. */
import {
  BloblangError,
  compileParse,
  decodeText,
  Float64,
  INT64_MAX,
  INT64_MIN,
  parseFloat64,
  UINT64_MAX,
  Uint64,
  type Value,
} from '@sluice/values';

type ScalarTag = '!!str' | '!!bool' | '!!int' | '!!float' | '!!null' | '!!timestamp' | (string & {});

interface Resolved {
  readonly tag: ScalarTag;
  readonly value: Value;
}

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['true', 'True', 'TRUE'].map((word) => [word, { tag: '!!bool', value: true }] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, { tag: '!!bool', value: false }] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { tag: '!!null', value: null }] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { tag: '!!float', value: new Float64(Number.NaN) }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, { tag: '!!float', value: new Float64(Infinity) }] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, { tag: '!!float', value: new Float64(-Infinity) }] as const),
]);

const RESOLVABLE = new Set(['', '!!str', '!!bool', '!!int', '!!float', '!!null', '!!timestamp']);

/** The scalar of a tag (empty if it has none). Throws BloblangError if the text is none of that type. */
export function resolveScalar(tag: string, text: string): Resolved {
  if (tag === '!!binary') return { tag, value: decodeBase64(text) };
  if (!RESOLVABLE.has(tag) || tag === '!!str') return { tag, value: text };
  const resolved = resolveByText(tag, text);
  if (tag === '' || tag === resolved.tag) return resolved;
  if (tag === '!!float' && typeof resolved.value === 'bigint') return { tag, value: new Float64(Number(resolved.value)) };
  throw new BloblangError(`yaml: cannot decode ${resolved.tag} \`${text}\` as a ${tag}`);
}

function resolveByText(tag: string, text: string): Resolved {
  const isCandidate = text === '' || /^[-+\d.yYnNtTfFoO~]/.test(text);
  const word = isCandidate ? WORDS.get(text) : undefined;
  if (word !== undefined) return word;
  if (text.startsWith('.')) return resolveFloat(text) ?? { tag: '!!str', value: text };
  if (!/^[-+\d]/.test(text)) return { tag: '!!str', value: text };
  const timestamp = tag === '' || tag === '!!timestamp' ? parseTimestamp(text) : undefined;
  return timestamp ?? resolveNumber(text.replaceAll('_', '')) ?? { tag: '!!str', value: text };
}

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

function resolveNumber(text: string): Resolved | undefined {
  const integer = parseInteger(text);
  if (integer !== undefined && integer >= INT64_MIN && integer <= INT64_MAX) return { tag: '!!int', value: integer };
  // Only a number without a sign can be an unsigned one.
  if (integer !== undefined && integer <= UINT64_MAX && /^\d/.test(text)) return { tag: '!!int', value: new Uint64(integer) };
  return FLOAT.test(text) ? resolveFloat(text) : undefined;
}

function resolveFloat(text: string): Resolved | undefined {
  try {
    return { tag: '!!float', value: new Float64(parseFloat64(text)) };
  } catch {
    return undefined;
  }
}

/** More than any 64-bit integer needs in any base. */
const MAX_INTEGER_LENGTH = 100;

/** Decimal, `0x`, `0b`, `0o`, and octal with a leading zero. */
function parseInteger(text: string): bigint | undefined {
  const [, sign, digits = ''] = /^([-+]?)(.*)$/s.exec(text)!;
  const plain = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase();
  if (plain.length > MAX_INTEGER_LENGTH || !/^(?:0x[\da-f]+|0o[0-7]+|0b[01]+|0|[1-9]\d*)$/.test(plain)) return undefined;
  return sign === '-' ? -BigInt(plain) : BigInt(plain);
}

const TIMESTAMPS = ['2006-1-2T15:4:5.999999999Z07:00', '2006-1-2t15:4:5.999999999Z07:00', '2006-1-2 15:4:5.999999999', '2006-1-2'].map(
  compileParse,
);

function parseTimestamp(text: string): Resolved | undefined {
  if (!/^\d{4}-/.test(text)) return undefined;
  for (const parse of TIMESTAMPS) {
    try {
      return { tag: '!!timestamp', value: parse(text) };
    } catch (error) {
      if (!(error instanceof BloblangError)) throw error;
    }
  }
  return undefined;
}

function decodeBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) {
    throw new BloblangError('yaml: !!binary value contains invalid base64 data');
  }
  return decodeText(Buffer.from(plain, 'base64'));
}
