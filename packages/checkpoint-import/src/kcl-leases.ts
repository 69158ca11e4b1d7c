/**
 * Lease tables of the Kinesis Client Library, versions 1 to 3, which also serve its children in other languages.
 *
 * A row is a shard. `checkpoint` is the record up to which, and with which, everything was handled, or a word; with
 * `checkpointSubSequenceNumber` it points into an aggregate. Version 2 reads several streams with one table: `streamName` is then
 * `ACCOUNT:STREAM:CREATED` and `shardId` stands beside it. A checkpoint that is only prepared (`pendingCheckpoint`) counts for nothing here, as
 * in the KCL until the application asks for it.
 */
import { CheckpointImportError } from './errors.ts';
import { after, type ForeignCheckpoint, type ForeignPosition, isSequenceNumber } from './foreign-checkpoint.ts';
import type { TableRow } from './scan-table.ts';

const SENTINELS: ReadonlyMap<string, ForeignPosition> = new Map([
  ['TRIM_HORIZON', { kind: 'TRIM_HORIZON' }],
  ['LATEST', { kind: 'LATEST' }],
  ['AT_TIMESTAMP', { kind: 'CONFIGURED_TIME' }],
  ['SHARD_END', { kind: 'SHARD_END' }],
]);

/** @throws {CheckpointImportError} a row is none of a lease table */
export const readKclLeases = (rows: readonly TableRow[]): ForeignCheckpoint[] =>
  // What the KCL keeps of its workers and of itself beside the leases has no checkpoint.
  rows.filter((row) => row['leaseKey']?.S === undefined || row['checkpoint'] !== undefined).map(readLease);

function readLease(row: TableRow): ForeignCheckpoint {
  const key = row['leaseKey']?.S;
  if (key === undefined) throw new CheckpointImportError(`expected the lease table of a KCL application, found a row without leaseKey`);
  const [stream, streamCreatedAtSeconds] = streamOf(row['streamName']?.S, key);
  return {
    ...{ stream, streamCreatedAtSeconds },
    shardId: row['shardId']?.S ?? key,
    position: positionOf(key, row['checkpoint']?.S ?? '', row['checkpointSubSequenceNumber']?.N ?? '0'),
    owner: row['leaseOwner']?.S,
  };
}

function streamOf(name: string | undefined, key: string): [stream?: string, createdAtSeconds?: number] {
  if (name === undefined) return [];
  const parts = name.split(':');
  if (parts.length === 1) return [name];
  if (parts.length !== 3) throw new CheckpointImportError(`expected ACCOUNT:STREAM:CREATED as streamName of lease ${key}, found ${name}`);
  return [parts[1]!, Number(parts[2])];
}

function positionOf(key: string, checkpoint: string, subSequenceNumber: string): ForeignPosition {
  const sentinel = SENTINELS.get(checkpoint);
  if (sentinel) return sentinel;
  if (isSequenceNumber(checkpoint)) return after(checkpoint, Number(subSequenceNumber));
  throw new CheckpointImportError(
    `expected a sequence number or one of ${[...SENTINELS.keys()].join(', ')} as checkpoint of lease ${key}, found ${checkpoint || 'none'}`,
  );
}
