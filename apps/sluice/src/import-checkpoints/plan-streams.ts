import { assertReached, type ForeignCheckpoint, type ImportedShard, planImport } from '@sluice/checkpoint-import';
import type { Ingress, IngressStream } from '@sluice/config';
import { plural, silentLogger, systemClock } from '@sluice/core';
import { isTableStream, openSource } from '@sluice/dynamodb-streams';
import type { KinesisSource, ShardDescription } from '@sluice/kinesis';
import { formatCheckpoint } from '@sluice/lease';
import { ImportUsageError } from './errors.ts';

export interface PlanStreamsOptions {
  readonly ingress: Ingress;
  readonly streams: readonly IngressStream[];
  readonly found: readonly ForeignCheckpoint[];
  readonly startedAtMs: number | undefined;
  readonly removesFinished: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Called with what a person should know, a line at a time. */
  readonly tell: (line: string) => void;
}

/**
 * Compares what was found with the shards that the streams list, and answers the checkpoints.
 * @throws {ImportUsageError} nothing was found of these streams, or it is not clear of which it is
 * @throws {CheckpointImportError} a checkpoint is not one of its shard
 */
export async function planStreams(options: PlanStreamsOptions) {
  const { ingress, streams, found, env, tell } = options;
  if (streams.length > 1 && found.some(({ stream }) => stream === undefined))
    throw new ImportUsageError(
      `expected --stream, one of ${streams.map(({ stream }) => stream).join(', ')}: what was found does not say of which stream it is`,
    );
  const planned = [];
  for (const { stream, shardIds, aws = ingress.aws } of streams) {
    using source = await openSource(stream, aws, { env, clock: systemClock, logger: silentLogger });
    const identity = await source.describeStream(stream);
    const listed = await source.listShards(stream);
    const { shards, gone } = planImport({ ...options, stream: identity, listed, nowMs: systemClock.now() });
    const chosen = shards.filter(({ shardId }) => shardIds?.includes(shardId) ?? true);
    if (gone.length > 0) tell(`${stream}: ${plural(gone.length, 'shard')} that it does not list any more left out`);
    if (chosen.length === 0) {
      tell(`${stream}: nothing was found of it`);
      continue;
    }
    await assertAllReached({ source, stream, listed, shards: chosen });
    planned.push({
      stream,
      identity: { streamArn: identity.arn, streamCreatedAtMs: identity.createdAtMs },
      shards: chosen.map(({ checkpoint, ...shard }) => ({ ...shard, checkpoint: formatCheckpoint(checkpoint) })),
    });
  }
  if (planned.length === 0) throw new ImportUsageError(`expected checkpoints of a stream of ${ingress.id}, found ${foundText(found)}`);
  return planned;
}

interface Reached {
  readonly source: KinesisSource;
  readonly stream: string;
  readonly listed: readonly ShardDescription[];
  readonly shards: readonly ImportedShard[];
}

/** Shards that are looked at together: others may read the stream. */
const AT_ONCE = 8;

/** The end of a closed shard was compared already; the service itself refuses foreign numbers of a table's stream. */
async function assertAllReached({ source, stream, listed, shards }: Reached): Promise<void> {
  if (isTableStream(stream)) return;
  const open = new Set(listed.flatMap(({ shardId, endingSequenceNumber }) => (endingSequenceNumber === undefined ? [shardId] : [])));
  const looks = shards.flatMap(({ shardId, checkpoint }) =>
    checkpoint.kind === 'AFTER' && open.has(shardId) ? [{ shardId, sequenceNumber: checkpoint.position.sequenceNumber }] : [],
  );
  for (let from = 0; from < looks.length; from += AT_ONCE)
    await Promise.all(looks.slice(from, from + AT_ONCE).map((look) => assertReached({ source, stream, clock: systemClock, ...look })));
}

function foundText(found: readonly ForeignCheckpoint[]): string {
  const streams = [...new Set(found.map(({ stream }) => stream ?? 'a stream that is not named'))];
  return streams.length === 0 ? 'none' : `those of ${streams.join(', ')}`;
}
