/**
 * Sets where the shards of an ingress are read from, so that it goes on where another application stopped.
 *
 * Nobody may read the ingress meanwhile. Where nothing is known of it yet, one script makes the rows of a stream. Checkpoints that are
 * there may have left records in lanes, under positions that the lanes would take for replays: replacing them waits until the lanes are through
 * and have forgotten the shards, as a rewind does.
 */
import { type Checkpoint, importShards, type ListedShard, type StreamIdentity } from '@sluice/lease';
import { readerGroupKey } from '@sluice/redis';
import { CheckpointImportRefusedError } from '../errors.ts';
import { membersOf } from '../groups/find-group.ts';
import type { Operator } from '../operator.ts';
import { type ChosenShards, shardsOfStream } from './chosen-shards.ts';
import { type LetGoOptions, whileLetGo } from './let-go.ts';

/** The shards of a stream and where they are to be read from. */
export interface StreamImport {
  /** As it is configured. */
  readonly stream: string;
  readonly identity: StreamIdentity;
  readonly shards: readonly (ListedShard & { readonly checkpoint: Checkpoint })[];
}

export interface ImportTarget {
  readonly ingress: string;
  readonly streams: readonly StreamImport[];
  /** Change checkpoints that are there. */
  readonly replace: boolean;
}

/** Why an import would be refused now, or `undefined`. Looks, and changes nothing. */
export async function importObstacle(operator: Operator, { ingress, streams, replace }: ImportTarget): Promise<string | undefined> {
  const workers = await membersOf(operator.session, readerGroupKey(operator.keyPrefix, ingress));
  if (workers > 0) return `${workers === 1 ? 'a worker reads' : `${workers} workers read`} it; stop its ingress-workers first`;
  const known = replace ? [] : await knownShards(operator, ingress, streams);
  if (known.length === 0) return undefined;
  return `it has checkpoints of ${known.map(({ stream }) => stream).join(', ')} already; \`sluice shards\` shows them, --replace changes them`;
}

export type ImportOptions = ImportTarget & Omit<LetGoOptions, 'ingress' | 'streams' | 'reason'>;

/**
 * @throws {CheckpointImportRefusedError} somebody reads the ingress, or checkpoints are there that are not to be replaced; nothing was changed
 * of the stream that it names, nor of those after it
 * @throws {ShardsInUseError} lanes kept their jobs; nothing was changed
 */
export async function importCheckpoints(operator: Operator, options: ImportOptions): Promise<void> {
  const { ingress, streams } = options;
  const obstacle = await importObstacle(operator, options);
  if (obstacle) throw new CheckpointImportRefusedError(ingress, obstacle);
  const store = async () => {
    for (const stream of streams) await importStream(operator, options, stream);
  };
  const known = await knownShards(operator, ingress, streams);
  if (known.length === 0) return await store();
  await whileLetGo(operator, { ...options, streams: known, reason: 'import of checkpoints' }, store);
}

async function importStream({ session, keyPrefix }: Operator, { ingress, replace }: ImportOptions, stream: StreamImport): Promise<void> {
  const { outcome, ...answer } = await importShards(session, { ...stream, keyPrefix, ingress, replace });
  if (outcome === 'imported') return;
  const what = outcome === 'held' ? 'a worker has just taken' : 'a worker has just begun with';
  throw new CheckpointImportRefusedError(ingress, `${what} ${stream.stream} ${'shardId' in answer ? answer.shardId : ''}`);
}

/** The streams of which something is known already. */
async function knownShards(operator: Operator, ingress: string, streams: readonly StreamImport[]): Promise<ChosenShards[]> {
  const known = await Promise.all(streams.map(({ stream }) => shardsOfStream(operator, ingress, stream)));
  return known.filter(({ shards }) => shards.length > 0);
}
