import { hash } from 'node:crypto';

/** A shard's share of the hash keys, both ends included. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The largest hash key: 2^128 - 1. */
export const MAX_HASH_KEY = (1n << 128n) - 1n;

/** The hash key to which the service maps a partition key: its MD5 as an unsigned number. */
export const hashKeyOf = (partitionKey: string): bigint => BigInt(`0x${hash('md5', partitionKey, 'hex')}`);

/** Whether the text is a hash key: a decimal number below 2^128 without leading zeros. */
export function isHashKey(text: string): boolean {
  return /^(?:0|[1-9]\d{0,38})$/.test(text) && BigInt(text) <= MAX_HASH_KEY;
}

/**
 * An explicit hash key as the service takes it, from one as the Kinesis Producer Library takes it: white space around it, a sign and leading
 * zeros do not matter. What is no number of at most 39 digits stays as it is.
 */
export function decimalHashKey(text: string): string {
  const trimmed = text.trim();
  const number = /^([+-]?)0*(\d{1,39})$/.exec(trimmed);
  return number ? BigInt(`${number[1]}${number[2]}`).toString() : trimmed;
}

export const includesHashKey = ({ start, end }: HashRange, hashKey: bigint): boolean => start <= hashKey && hashKey <= end;
