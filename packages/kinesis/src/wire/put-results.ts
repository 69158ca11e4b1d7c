import type { PutRecordsOutput, PutResult } from '../ports.ts';

/** A result as a reply has it. */
export interface WireResult {
  readonly SequenceNumber?: string | null | undefined;
  readonly ShardId?: string | null | undefined;
  readonly ErrorCode?: string | null | undefined;
  readonly ErrorMessage?: string | null | undefined;
}

// A record without a sequence number was not stored, whatever else its result says.
export function toPutResult({ SequenceNumber, ShardId, ErrorCode, ErrorMessage }: WireResult): PutResult {
  if (SequenceNumber && !ErrorCode) return { sequenceNumber: SequenceNumber, shardId: ShardId ?? '' };
  return { errorCode: ErrorCode ?? 'InternalFailure', errorMessage: ErrorMessage ?? '' };
}

/** @throws {Error} there is not one result for each of the `count` records of the request */
export function toPutOutput(results: readonly PutResult[] | undefined, count: number): PutRecordsOutput {
  if (results?.length !== count) throw new Error(`expected ${count} results in a PutRecords reply, got ${results?.length ?? 'none'}`);
  return { results, failedCount: results.reduce((failed, result) => failed + ('errorCode' in result ? 1 : 0), 0) };
}
