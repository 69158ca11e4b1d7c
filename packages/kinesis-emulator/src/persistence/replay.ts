import type { ByteString } from '../protocol/byte-string.ts';
import { decodeCbor } from '../protocol/cbor/decode-cbor.ts';
import type { Account } from '../store/account.ts';
import type { StreamState } from '../store/stored-state.ts';

type RecordRow = readonly [shardIndex: number, ordinal: number, arrivalMs: number, partitionKey: string, data: ByteString];

/** What a frame of a data file says; they are written by the emulator alone, and were checked by their sums. */
interface Frame {
  readonly changed?: StreamState;
  readonly deleted?: string;
  readonly stored?: string;
  readonly records?: readonly RecordRow[];
}

/** Lets happen again what a frame tells. */
export function replay(payload: Buffer, account: Account): void {
  const { changed, deleted, stored, records = [] } = decodeCbor(payload) as Frame;
  if (changed) account.restore(changed);
  if (deleted !== undefined) account.forget(deleted);
  if (stored === undefined) return;
  const stream = account.stream(stored);
  for (const [shardIndex, ordinal, arrivalMs, partitionKey, { source, start, end }] of records) {
    stream.shardAt(shardIndex)?.restore(ordinal, arrivalMs, partitionKey, source, start, end);
  }
}
