/**
 * The checkpoints from which Sluice goes on where another application stopped: one for each shard that the stream lists.
 *
 * What the application says of a shard counts. Of a shard of which it says nothing, the others say what it means: it was read to its end if
 * shards that came after it are being read, else it was not begun. Where in doubt a shard is read from its oldest record.
 */
import { compareSequenceNumbers, type ShardDescription, type StreamDescription } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';
import { CheckpointImportError } from './errors.ts';
import type { ForeignCheckpoint, ForeignPosition } from './foreign-checkpoint.ts';

export interface ImportOptions {
  readonly stream: Pick<StreamDescription, 'name' | 'arn' | 'createdAtMs'>;
  /** All shards that the stream lists, open and closed. */
  readonly listed: readonly ShardDescription[];
  readonly found: readonly ForeignCheckpoint[];
  readonly nowMs: number;
  /** The time at which the application began, where its configuration says one. */
  readonly startedAtMs?: number | undefined;
  /** The application removes what it has of a shard that it read to its end, and never takes up a closed one of which it has nothing. */
  readonly removesFinished: boolean;
}

/** A shard and where it is to be read from. */
export interface ImportedShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly checkpoint: Checkpoint;
  /** Why, for a person. */
  readonly basis: string;
}

export interface ImportPlan {
  readonly shards: readonly ImportedShard[];
  /** Shards of which the application says something and that the stream does not list any more. */
  readonly gone: readonly ForeignCheckpoint[];
}

/** Answers no shards where the application has nothing of the stream. @throws {CheckpointImportError} it is not the same stream, or a time is missing */
export function planImport(options: ImportOptions): ImportPlan {
  const { listed, removesFinished } = options;
  const found = byShard(options);
  if (found.size === 0) return { shards: [], gone: [] };
  const ids = new Set(listed.map(({ shardId }) => shardId));
  const gone = [...found.values()].filter(({ shardId }) => !ids.has(shardId));
  const passed = ancestorsOf(listed, new Set(found.keys()));
  const shards = listed.map((shard): ImportedShard => {
    const own = found.get(shard.shardId);
    if (own) return { ...identityOf(shard), ...fromOwn(shard, own, options) };
    if (passed.has(shard.shardId)) return { ...identityOf(shard), ...ended('shards after it are being read') };
    if (removesFinished && shard.endingSequenceNumber !== undefined) return { ...identityOf(shard), ...ended('closed, and not listed') };
    return { ...identityOf(shard), checkpoint: { kind: 'TRIM_HORIZON' }, basis: 'not begun' };
  });
  return { shards, gone };
}

/** Of two checkpoints of one shard either would repeat records or lose them, so neither counts. */
function byShard({ found, stream }: ImportOptions): ReadonlyMap<string, ForeignCheckpoint> {
  const ofStream = new Map<string, ForeignCheckpoint>();
  for (const each of found.filter((one) => isOf(one, stream))) {
    if (ofStream.has(each.shardId))
      throw new CheckpointImportError(
        `expected one checkpoint of ${stream.name} ${each.shardId}, found two; remove the one that does not count`,
      );
    ofStream.set(each.shardId, each);
  }
  return ofStream;
}

/** Whether a checkpoint is of the stream. One that does not say so is. */
export function isOf({ stream, streamCreatedAtSeconds }: ForeignCheckpoint, of: ImportOptions['stream']): boolean {
  if (stream === undefined) return true;
  if (stream !== (stream.startsWith('arn:') ? of.arn : of.name)) return false;
  return streamCreatedAtSeconds === undefined || streamCreatedAtSeconds === Math.floor(of.createdAtMs / 1_000);
}

const ended = (basis: string) => ({ checkpoint: { kind: 'SHARD_END' } as const, basis });

const parentsOf = ({ parentShardId, adjacentParentShardId }: ShardDescription): string[] =>
  [parentShardId, adjacentParentShardId].filter((parent) => parent !== undefined);

const identityOf = (shard: ShardDescription) => ({ shardId: shard.shardId, parents: parentsOf(shard) });

/** The listed shards from which others came, over any number of generations. */
function ancestorsOf(listed: readonly ShardDescription[], shardIds: ReadonlySet<string>): ReadonlySet<string> {
  const byId = new Map(listed.map((shard) => [shard.shardId, shard]));
  const ancestors = new Set<string>();
  const open = [...shardIds];
  for (let shardId = open.pop(); shardId !== undefined; shardId = open.pop()) {
    const shard = byId.get(shardId);
    for (const parent of shard ? parentsOf(shard) : []) {
      if (ancestors.has(parent)) continue;
      ancestors.add(parent);
      open.push(parent);
    }
  }
  return ancestors;
}

function fromOwn(shard: ShardDescription, { position, owner }: ForeignCheckpoint, options: ImportOptions) {
  const basis = owner ? `held by ${owner}` : 'as stored';
  return { checkpoint: toCheckpoint(shard, position, options), basis };
}

function toCheckpoint(shard: ShardDescription, position: ForeignPosition, { nowMs, startedAtMs, stream }: ImportOptions): Checkpoint {
  switch (position.kind) {
    case 'LATEST':
      return { kind: 'AT_TIMESTAMP', timestampMs: nowMs };
    case 'CONFIGURED_TIME':
      if (startedAtMs !== undefined) return { kind: 'AT_TIMESTAMP', timestampMs: startedAtMs };
      throw new CheckpointImportError(
        `expected the time at which the application began, since nothing of ${stream.name} ${shard.shardId} was handled yet; give it with --at-timestamp`,
      );
    case 'AFTER':
      assertWithin(shard, position.position.sequenceNumber, stream.name);
      return position;
    default:
      return position;
  }
}

/** A sequence number of another stream, or of an earlier one of the same name, would skip records or be refused by the service. */
function assertWithin({ shardId, startingSequenceNumber, endingSequenceNumber }: ShardDescription, found: string, stream: string): void {
  const isAfterStart = compareSequenceNumbers(found, startingSequenceNumber) >= 0;
  const isBeforeEnd = endingSequenceNumber === undefined || compareSequenceNumbers(found, endingSequenceNumber) <= 0;
  if (isAfterStart && isBeforeEnd) return;
  throw new CheckpointImportError(
    `expected a sequence number of ${stream} ${shardId}, from ${startingSequenceNumber}${endingSequenceNumber === undefined ? '' : ` to ${endingSequenceNumber}`}, found ${found}; was the stream deleted and created again?`,
  );
}
