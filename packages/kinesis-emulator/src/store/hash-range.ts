/**
 * Hash keys are 128-bit numbers. Here they are 32 lower-case hexadecimal digits, so that comparing two is comparing
 * strings and the MD5 of a partition key needs no conversion; the API shows them in decimal.
 */
import { hash } from 'node:crypto';

export type HashKey = string;

export interface HashRange {
  readonly start: HashKey;
  /** Inclusive. */
  readonly end: HashKey;
}

const SPACE = 1n << 128n;

export const toHashKey = (value: bigint): HashKey => value.toString(16).padStart(32, '0');
export const toBigInt = (key: HashKey): bigint => BigInt(`0x${key}`);
export const toDecimal = (key: HashKey): string => toBigInt(key).toString();

/** Where the service routes a partition key: the MD5 of its UTF-8 bytes. */
export const hashPartitionKey = (partitionKey: string): HashKey => hash('md5', partitionKey);

/** `undefined` where the text is no decimal number in [0, 2^128). */
export function parseHashKey(decimal: string): HashKey | undefined {
  if (!/^(0|[1-9]\d{0,38})$/.test(decimal)) return undefined;
  const value = BigInt(decimal);
  return value < SPACE ? toHashKey(value) : undefined;
}

/** The first hash keys of `count` ranges that share the space evenly; the last range takes the remainder, as the service's does. */
export function evenStarts(count: number): bigint[] {
  const width = SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => width * BigInt(index));
}

/** Ranges from their starts, in order, to the end of the space. */
export const rangesFrom = (starts: readonly bigint[]): HashRange[] =>
  starts.map((start, index) => ({ start: toHashKey(start), end: toHashKey((starts[index + 1] ?? SPACE) - 1n) }));

/** Whether `right` begins where `left` ends. */
export const areAdjacent = (left: HashRange, right: HashRange): boolean => toBigInt(left.end) + 1n === toBigInt(right.start);
