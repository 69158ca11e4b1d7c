import { type ForeignCheckpoint, planImport } from '@sluice/checkpoint-import';
import type { Ingress, IngressStream } from '@sluice/config';
import { plural, silentLogger, systemClock } from '@sluice/core';
import { openSource } from '@sluice/dynamodb-streams';
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
    planned.push({
      stream,
      identity: { streamArn: identity.arn, streamCreatedAtMs: identity.createdAtMs },
      shards: chosen.map(({ checkpoint, ...shard }) => ({ ...shard, checkpoint: formatCheckpoint(checkpoint) })),
    });
  }
  if (planned.length === 0) throw new ImportUsageError(`expected checkpoints of a stream of ${ingress.id}, found ${foundText(found)}`);
  return planned;
}

function foundText(found: readonly ForeignCheckpoint[]): string {
  const streams = [...new Set(found.map(({ stream }) => stream ?? 'a stream that is not named'))];
  return streams.length === 0 ? 'none' : `those of ${streams.join(', ')}`;
}
