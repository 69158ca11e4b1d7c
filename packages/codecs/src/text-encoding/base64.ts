import { asBuffer, BloblangError } from '@sluice/values';

export interface Base64Variant {
  readonly encoding: 'base64' | 'base64url';
  readonly isPadded: boolean;
}

/** Bytes as base64 of a variant. */
export function encodeBase64(bytes: Uint8Array, { encoding, isPadded }: Base64Variant): string {
  const text = asBuffer(bytes).toString(encoding);
  return isPadded ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text;
}

const CLEAN = {
  base64: /^[A-Za-z0-9+/]*(={0,2})$/,
  base64url: /^[A-Za-z0-9_-]*(={0,2})$/,
} as const;

/**
 * The bytes that base64 stands for; line breaks are skipped, bits behind the last whole byte are ignored.
 * Throws with Go's text: the offset counts without the line breaks.
 */
export function decodeBase64(bytes: Uint8Array, variant: Base64Variant): Uint8Array {
  const text = asBuffer(bytes)
    .toString('latin1')
    .replace(/[\r\n]+/g, '');
  const clean = CLEAN[variant.encoding].exec(text);
  if (clean === null || !isComplete(text.length, clean[1]!.length, variant)) throw findFault(text, variant);
  return Buffer.from(text, variant.encoding);
}

const isComplete = (length: number, padding: number, { isPadded }: Base64Variant): boolean =>
  isPadded ? length % 4 === 0 : padding === 0 && length % 4 !== 1;

/** What Go's stream decoder says: whole groups of four are decoded first, then what is left over. */
function findFault(text: string, variant: Base64Variant): BloblangError {
  const grouped = text.length - (text.length % 4);
  const fault = faultIn(text.slice(0, grouped), variant) ?? (variant.isPadded ? undefined : faultIn(text.slice(grouped), variant));
  return new BloblangError(fault === undefined ? 'unexpected EOF' : `illegal base64 data at input byte ${fault}`);
}

function faultIn(text: string, { encoding, isPadded }: Base64Variant): number | undefined {
  const alphabet = encoding === 'base64' ? /[A-Za-z0-9+/]/ : /[A-Za-z0-9_-]/;
  let index = 0;
  while (index < text.length && alphabet.test(text[index]!)) index++;
  if (index === text.length) return index % 4 === 1 ? index - 1 : undefined;
  if (!isPadded || text[index] !== '=' || index % 4 < 2) return index;
  // The second of two padding characters is missed where the first one is.
  if (index % 4 === 2 && text[index + 1] !== '=') return index + 1 === text.length ? text.length : index;
  const end = index + (index % 4 === 2 ? 2 : 1);
  return end < text.length ? end : undefined;
}
