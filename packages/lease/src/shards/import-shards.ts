import { noticeChannel, type RedisSession, readerGroupKey, shardTableKey, sourcesKey } from '@sluice/redis';
import { type StreamIdentity, StreamRecreatedError } from '../errors.ts';
import { loadScript } from '../scripts/load-script.ts';
import { type Checkpoint, formatCheckpoint } from './checkpoint.ts';
import type { ListedShard } from './shard-table.ts';

const importScript = loadScript('import-shards');

export interface ShardImport {
  readonly keyPrefix: string;
  readonly ingress: string;
  /** As it is configured. */
  readonly stream: string;
  readonly identity: StreamIdentity;
  readonly shards: readonly (ListedShard & { readonly checkpoint: Checkpoint })[];
  /** Rows that are there may be changed. */
  readonly replace: boolean;
}

export type ShardImportAnswer =
  | { readonly outcome: 'imported' }
  /** Nothing was changed: a row of it is there already, or a worker holds it. */
  | { readonly outcome: 'known' | 'held'; readonly shardId: string };

/**
 * Makes the rows of a stream's shards with the given checkpoints: all of them, or none. May be repeated after its answer was lost.
 * @throws {StreamRecreatedError} the rows that are there belong to an earlier stream of that name; nothing was changed
 */
export async function importShards(session: RedisSession, options: ShardImport): Promise<ShardImportAnswer> {
  const { keyPrefix, ingress, stream, identity, shards, replace } = options;
  const name = `${ingress}/${stream}`;
  const table = shardTableKey(keyPrefix, name);
  const channel = noticeChannel(readerGroupKey(keyPrefix, ingress));
  const args = [identity.streamArn, identity.streamCreatedAtMs, channel, name, replace ? '1' : '0'];
  const rows = shards.flatMap(({ shardId, parents, checkpoint }) => [shardId, parents.join(','), formatCheckpoint(checkpoint)]);
  const reply = (await session.run(session.epoch, (client) => importScript(client, [table, sourcesKey(keyPrefix)], [...args, ...rows]))) as
    | ['imported']
    | ['recreated', string, string]
    | ['known' | 'held', string];
  switch (reply[0]) {
    case 'imported':
      return { outcome: 'imported' };
    case 'recreated':
      throw new StreamRecreatedError(table, { streamArn: reply[1], streamCreatedAtMs: Number(reply[2]) }, identity);
    default:
      return { outcome: reply[0], shardId: reply[1] };
  }
}
