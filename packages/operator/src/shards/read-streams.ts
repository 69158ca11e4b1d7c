import {
  type Checkpoint,
  createRedisLeaseStore,
  createRedisShardTable,
  formatCheckpoint,
  listSources,
  type Pause,
  type RowState,
  type ShardRow,
} from '@sluice/lease';
import { type RedisSession, shardTableKey } from '@sluice/redis';
import { pauseOfSource } from '../pauses.ts';

export interface ShardState {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** `waiting` for its parents to end. */
  readonly state: ShardRow['state'];
  readonly lease: RowState;
  /** The worker that reads it now, or that it is reserved for; `null` where there is none. */
  readonly owner: string | null;
  /** As stored in Redis: every record up to it is in the lanes. */
  readonly checkpoint: string;
  readonly startedAt: string;
  /** How many times it was leased. */
  readonly tokenNumber: number;
}

export interface StreamState {
  /** The pause of its ingress; `null` where it is not paused. */
  readonly paused: Pause | null;
  /** Id of the ingress, a slash, the stream as it is configured. */
  readonly source: string;
  readonly streamArn: string;
  readonly streamCreatedAt: string;
  readonly shards: readonly ShardState[];
}

/** Every stream that has been read, with its shards. */
export async function readStreams(session: RedisSession, keyPrefix: string): Promise<StreamState[]> {
  const sources = await listSources(session, keyPrefix);
  const streams = await Promise.all(sources.map((source) => readStream(session, keyPrefix, source)));
  return streams.filter(({ shards }) => shards.length > 0);
}

async function readStream(session: RedisSession, keyPrefix: string, source: string): Promise<StreamState> {
  const key = shardTableKey(keyPrefix, source);
  const table = createRedisShardTable(session, { key, group: key, start: { kind: 'TRIM_HORIZON' } });
  const rows = [...(await table.list())].sort((a, b) => (a.shardId < b.shardId ? -1 : 1));
  const keys = rows.map((row) => row.key);
  const leases = await createRedisLeaseStore(session).survey(session.epoch, keys);
  return {
    paused: (await pauseOfSource(session, keyPrefix, source)) ?? null,
    source,
    streamArn: rows[0]?.streamArn ?? '',
    streamCreatedAt: rows[0] ? new Date(rows[0].streamCreatedAtMs).toISOString() : '',
    shards: rows.map(({ shardId, parents, state, checkpoint, startedAt, tokenNumber }, index): ShardState => {
      const lease = leases[index]!;
      return {
        ...{ shardId, parents, state, tokenNumber, lease: lease.state, owner: lease.worker || null },
        checkpoint: formatCheckpoint(checkpoint),
        startedAt: describeStart(startedAt),
      };
    }),
  };
}

const describeStart = (start: Checkpoint): string =>
  start.kind === 'AT_TIMESTAMP' ? new Date(start.timestampMs).toISOString() : formatCheckpoint(start);
