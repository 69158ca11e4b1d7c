/**
 * Proof of ownership, tested in Redis at each write.
 *
 * The number of a row only grows while Redis keeps what it was told. A Redis that comes back older may give a number again, so the
 * owner is part of the token: it names worker, session and epoch, and no two claims that share a number share an owner.
 */
export interface FencingToken {
  readonly number: number;
  readonly owner: string;
}

/** `number:owner`, the form in which a token stands in job data and logs. */
export const formatFencingToken = ({ number, owner }: FencingToken): string => `${number}:${owner}`;

const TOKEN = /^(0|[1-9]\d{0,15}):(.+)$/s;

/** The token a text stands for, or `undefined` where it stands for none. */
export function parseFencingToken(text: string): FencingToken | undefined {
  const match = TOKEN.exec(text);
  return match ? { number: Number(match[1]), owner: match[2]! } : undefined;
}

export const isSameToken = (a: FencingToken, b: FencingToken): boolean => a.number === b.number && a.owner === b.owner;
