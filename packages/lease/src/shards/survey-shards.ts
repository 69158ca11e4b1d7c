import { type RedisSession, shardRowKey, shardTableKey } from '@sluice/redis';
import { loadScript } from '../scripts/load-script.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';

/** A shard and who holds it, for operators. */
export interface ShardSurvey {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly streamArn: string;
  /** `waiting`: a parent of it has not ended. `ended`: it was read to its end. */
  readonly state: 'held' | 'free' | 'waiting' | 'ended';
  /** The worker that holds it, or `null`. */
  readonly owner: string | null;
  /** Every record up to it is in the lanes. */
  readonly checkpoint: string;
  /** As a checkpoint, or a time in ISO 8601. */
  readonly startedAt: string;
  /** How many times it was leased. */
  readonly leases: number;
}

const surveyScript = loadScript('survey-shards');

/** Nothing else is served while Redis looks at so many. */
const ROWS_A_CALL = 200;

/** The shards of a source, sorted by id; empty where there is no table of it. Two round trips, however many there are. */
export async function surveyShards(session: RedisSession, keyPrefix: string, source: string): Promise<ShardSurvey[]> {
  const key = shardTableKey(keyPrefix, source);
  return session.run(session.epoch, async (client) => {
    const table = Object.entries(await client.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1));
    const keys = table.map(([shardId]) => shardRowKey(key, shardId));
    const calls = Array.from({ length: Math.ceil(keys.length / ROWS_A_CALL) }, (_, call) => {
      const some = keys.slice(call * ROWS_A_CALL, (call + 1) * ROWS_A_CALL);
      return surveyScript(client, some, []) as Promise<Row[]>;
    });
    const rows = (await Promise.all(calls)).flat();
    const isOpen = new Set(table.flatMap(([shardId], index) => (rows[index]![0] === 'ended' ? [] : [shardId])));
    return table.map(([shardId, parents], index) => toSurvey(shardId, parents === '' ? [] : parents.split(','), rows[index]!, isOpen));
  });
}

type Row = [state: 'ended' | 'held' | 'free', worker: string, streamArn: string, checkpoint: string, start: string, leases: number];

function toSurvey(shardId: string, parents: readonly string[], row: Row, isOpen: ReadonlySet<string>): ShardSurvey {
  const [state, worker, streamArn, checkpoint, start, leases] = row;
  return {
    ...{ shardId, parents, streamArn, checkpoint, leases },
    state: state === 'free' && parents.some((parent) => isOpen.has(parent)) ? 'waiting' : state,
    owner: worker || null,
    startedAt: start === '' ? '' : describeStart(parseCheckpoint(start)),
  };
}

const describeStart = (start: Checkpoint): string =>
  start.kind === 'AT_TIMESTAMP' ? new Date(start.timestampMs).toISOString() : formatCheckpoint(start);
