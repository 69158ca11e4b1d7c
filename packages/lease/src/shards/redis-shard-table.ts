import { noticeChannel, type RedisScript, type RedisSession, shardRowKey } from '@sluice/redis';
import { LeaseLostError, LeaseRowError, StreamRecreatedError } from '../errors.ts';
import type { Lease } from '../lease.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';
import { tokenArguments } from '../redis-lease-store.ts';
import { loadScript } from '../scripts/load-script.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import type { CheckpointAnswer, ListedShard, ShardRow, ShardTable } from './shard-table.ts';

const createScript = loadScript('create-shards');
const checkpointScript = loadScript('checkpoint');
const endScript = loadScript('end-shard');
const rewindScript = loadScript('rewind');
const pruneScript = loadScript('prune-shards');

export interface ShardTableOptions {
  /** The key of the table, with a hash tag; rows are kept beside it. */
  readonly key: string;
  /** The group whose workers share the shards out; told when shards appear or end. */
  readonly group: string;
  /** Where shards start that are there at the very first call; see `resolveStart`. */
  readonly start: Checkpoint;
  /** Where single shards start instead, by ID. */
  readonly shardStarts?: ReadonlyMap<string, Checkpoint>;
  /** A set of the names of tables, and the name of this one in it. */
  readonly listed?: { readonly key: string; readonly name: string };
}

/** The shards of one stream in Redis. */
export function createRedisShardTable(session: RedisSession, options: ShardTableOptions): ShardTable {
  const { key: table, group, start, shardStarts, listed } = options;
  const keyOf = (shardId: string) => shardRowKey(table, shardId);
  const channel = noticeChannel(group);
  const run = (script: RedisScript, keys: readonly string[], args: readonly (string | number)[], epoch = session.epoch) =>
    session.run(epoch, (client) => script(client, keys, args));

  return {
    keyOf,

    async create(stream, shards) {
      const args = [stream.streamArn, stream.streamCreatedAtMs, channel, listed?.name ?? ''];
      const started = shards.flatMap((shard) => [...shardArguments(shard), formatCheckpoint(shardStarts?.get(shard.shardId) ?? start)]);
      const reply = (await run(createScript, [table, listed?.key ?? table], [...args, ...started])) as
        | ['created', number]
        | ['recreated', string, string];
      if (reply[0] === 'created') return reply[1];
      throw new StreamRecreatedError(table, { streamArn: reply[1], streamCreatedAtMs: Number(reply[2]) }, stream);
    },

    async list() {
      return session.run(session.epoch, async (client) => {
        const shardIds = await client.hkeys(table);
        const rows = await Promise.all(shardIds.map((shardId) => client.hgetall(keyOf(shardId))));
        const byId = new Map(rows.map((row, index) => [shardIds[index]!, row]));
        return shardIds.map((shardId) => toShardRow(shardId, keyOf(shardId), byId));
      });
    },

    async resources(): Promise<readonly LeaseResource[]> {
      const shards = await session.run(session.epoch, (client) => client.hgetall(table));
      return Object.entries(shards).map(([shardId, parents]) => ({
        key: keyOf(shardId),
        after: splitParents(parents).map(keyOf),
        mustExist: true,
      }));
    },

    async checkpoint(lease, from, to) {
      lease.assertHeld();
      const args = [...tokenArguments(lease.token), formatCheckpoint(from), formatCheckpoint(to)];
      return toAnswer(lease, await run(checkpointScript, [lease.key], args, lease.epoch));
    },

    async end(lease, from, children) {
      lease.assertHeld();
      const args = [...tokenArguments(lease.token), formatCheckpoint(from), channel, ...children.flatMap(shardArguments)];
      return toAnswer(lease, await run(endScript, [lease.key, table], args, lease.epoch));
    },

    async rewind(shardId, to) {
      const before = (await run(rewindScript, [keyOf(shardId)], [formatCheckpoint(to), channel])) as string;
      return before === '' ? undefined : parseCheckpoint(before);
    },

    async prune(gone) {
      return (await run(pruneScript, [table], gone)) as string[];
    },
  };
}

const shardArguments = ({ shardId, parents }: ListedShard): [string, string] => [shardId, parents.join(',')];

const splitParents = (text: string): string[] => (text === '' ? [] : text.split(','));

function toAnswer(lease: Lease, reply: unknown): CheckpointAnswer {
  const [outcome, stored = ''] = reply as ['stored' | 'moved' | 'fenced', string?];
  if (outcome === 'fenced') throw new LeaseLostError(lease.key, 'another owner has it');
  return outcome === 'stored' ? { outcome } : { outcome, stored: parseCheckpoint(stored) };
}

function toShardRow(shardId: string, key: string, rows: ReadonlyMap<string, Readonly<Record<string, string>>>): ShardRow {
  const row = rows.get(shardId)!;
  const parents = splitParents(row['parents'] ?? '');
  const isWaiting = parents.some((parent) => rows.has(parent) && rows.get(parent)!['ended'] === undefined);
  return {
    shardId,
    parents,
    key,
    streamArn: fieldOf(row, 'streamArn', key),
    streamCreatedAtMs: Number(fieldOf(row, 'streamCreatedAt', key)),
    state: row['ended'] !== undefined ? 'shardEnd' : isWaiting ? 'waiting' : 'active',
    checkpoint: parseCheckpoint(fieldOf(row, 'checkpoint', key)),
    startedAt: parseCheckpoint(fieldOf(row, 'startedAt', key)),
    worker: row['worker'] ?? '',
    tokenNumber: Number(row['token'] ?? 0),
  };
}

function fieldOf(row: Readonly<Record<string, string>>, field: string, key: string): string {
  const value = row[field];
  if (value === undefined) throw new LeaseRowError(`field ${field} of ${key}`, '');
  return value;
}
