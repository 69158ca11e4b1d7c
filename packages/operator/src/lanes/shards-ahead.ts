import { comparePositions } from '@sluice/core';
import { type Checkpoint, createRedisShardTable, sourceName } from '@sluice/lease';
import { readSeenShards, type SeenShard } from '@sluice/queue';
import { readerGroupKey, shardTableKey } from '@sluice/redis';
import type { Operator } from '../operator.ts';

/**
 * Shards of which the lanes of a target have delivered something that lies behind the stored checkpoint: a reader is about to store it, or
 * was killed before it could, and then its records are read again. The lanes know them as replays as long as the number of lanes is the same.
 */
export async function shardsAhead({ session, keyPrefix }: Operator, target: string, lanes: number): Promise<string[]> {
  const perSource = Map.groupBy(await readSeenShards(session, { keyPrefix, target, lanes }), ({ stream }) => stream);
  const ahead = [...perSource].map(async ([source, seen]): Promise<string[]> => {
    const [, ingress, stream] = /^(\S+) (\S+) of \S+/.exec(source) ?? [];
    if (ingress === undefined || stream === undefined) return [];
    const table = createRedisShardTable(session, {
      key: shardTableKey(keyPrefix, `${ingress}/${stream}`),
      group: readerGroupKey(keyPrefix, ingress),
      start: { kind: 'TRIM_HORIZON' },
    });
    const rows = new Map((await table.list()).map((row) => [row.shardId, row]));
    const isAhead = ({ shardId, last }: SeenShard) => {
      const row = rows.get(shardId);
      // Of a stream that was replaced since, or read to its end: nothing of it is read again.
      if (!row || row.state === 'shardEnd' || !source.startsWith(sourceName(ingress, stream, row.streamCreatedAtMs))) return false;
      return liesBehind(row.checkpoint, last);
    };
    return seen.filter(isAhead).map(({ shardId }) => `${ingress}/${stream} ${shardId}`);
  });
  return [...new Set((await Promise.all(ahead)).flat())];
}

const liesBehind = (checkpoint: Checkpoint, last: SeenShard['last']): boolean =>
  checkpoint.kind === 'AFTER' ? comparePositions(last, checkpoint.position) > 0 : checkpoint.kind !== 'SHARD_END';
