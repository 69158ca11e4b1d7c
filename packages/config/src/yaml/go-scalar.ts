import type { ScalarNode } from './node.ts';

/** A scalar as Go's yaml.v3 resolves it, which is what a Benthos file means by it. */
export type GoScalar =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null' };

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9]\d*|0)$/;
const SPECIAL_FLOATS: Readonly<Record<string, number>> = { '.inf': Infinity, '+.inf': Infinity, '-.inf': -Infinity, '.nan': Number.NaN };

/** Tags that make a value of a text in quotes. */
const TYPED_TAGS: ReadonlySet<string | undefined> = new Set(['int', 'float', 'bool', 'null'].map((name) => `tag:yaml.org,2002:${name}`));

export function resolveGoScalar(node: ScalarNode): GoScalar {
  const { text, style, tag } = node;
  if (tag === 'tag:yaml.org,2002:str' || (style !== 'plain' && !TYPED_TAGS.has(tag))) return { type: 'string', value: text };
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { type: 'null' };
  if (/^(?:true|True|TRUE)$/.test(text)) return { type: 'bool', value: true };
  if (/^(?:false|False|FALSE)$/.test(text)) return { type: 'bool', value: false };
  if (/^[-+.\d]/.test(text)) return resolveNumber(text) ?? { type: 'string', value: text };
  return { type: 'string', value: text };
}

/** Underscores between digits are Go's; a leading zero means octal. */
function resolveNumber(text: string): GoScalar | undefined {
  const plain = text.replaceAll('_', '');
  if (INTEGER.test(plain)) return { type: 'int', value: parseGoInteger(plain) };
  if (FLOAT.test(plain)) return { type: 'float', value: Number(plain) };
  const special = SPECIAL_FLOATS[text.toLowerCase()];
  return special === undefined ? undefined : { type: 'float', value: special };
}

function parseGoInteger(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  const octal = /^0[0-7]+$/.exec(digits) ? `0o${digits.slice(1)}` : digits;
  return sign * Number(octal);
}

/** A bool as yaml.v3 decodes it into a typed field: YAML 1.1's words count too, quoted or not. */
export function readGoBool(node: ScalarNode): boolean | undefined {
  const scalar = resolveGoScalar(node);
  if (scalar.type === 'bool') return scalar.value;
  if (scalar.type === 'null') return false;
  if (scalar.type !== 'string') return undefined;
  if (['y', 'Y', 'yes', 'on'].includes(scalar.value)) return true;
  return ['n', 'N', 'no', 'off'].includes(scalar.value) ? false : undefined;
}

/** A string field takes any scalar as it is written; null is the empty string. */
export const readGoString = (node: ScalarNode): string => (resolveGoScalar(node).type === 'null' ? '' : node.text);
