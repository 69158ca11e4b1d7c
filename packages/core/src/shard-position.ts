import type { ShardPosition } from './record.ts';

/**
 * Orders two places in one shard: negative where `a` comes first. Sequence numbers are decimal numbers of up to 129 digits without
 * leading zeros, so the longer one is the larger, and those of one length compare as text. Allocates nothing: it runs for every record.
 */
export function comparePositions(a: ShardPosition, b: ShardPosition): number {
  const left = a.sequenceNumber;
  const right = b.sequenceNumber;
  if (left.length !== right.length) return left.length - right.length;
  if (left !== right) return left < right ? -1 : 1;
  return a.subSequenceNumber - b.subSequenceNumber;
}
