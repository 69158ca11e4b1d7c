import { LeaseLostError, type StreamIdentity, StreamRecreatedError } from '../errors.ts';
import { formatFencingToken } from '../fencing-token.ts';
import type { Lease } from '../lease.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../shards/checkpoint.ts';
import type { ShardTableOptions } from '../shards/redis-shard-table.ts';
import type { CheckpointAnswer, ListedShard, ShardRow, ShardTable } from '../shards/shard-table.ts';
import { isHolder, type MemoryLink, type MemoryState, notify, type Row } from './memory-state.ts';

/** What `create-shards.lua` and its neighbours do, in memory. */
export class MemoryShardTable implements ShardTable {
  readonly #state: MemoryState;
  readonly #link: MemoryLink;
  readonly #options: ShardTableOptions;

  constructor(state: MemoryState, link: MemoryLink, options: ShardTableOptions) {
    this.#state = state;
    this.#link = link;
    this.#options = options;
  }

  keyOf(shardId: string): string {
    return `${this.#options.key}:${shardId}`;
  }

  create(stream: StreamIdentity, listed: readonly ListedShard[]): Promise<number> {
    return this.#run(() => {
      for (const shardId of this.#shards.keys()) assertSameStream(this.#options.key, identityOf(this.#rowOf(shardId)), stream);
      const { start, shardStarts } = this.#options;
      const isFirst = this.#shards.size === 0;
      const startOf = (shardId: string) => (isFirst ? formatCheckpoint(shardStarts?.get(shardId) ?? start) : 'TRIM_HORIZON');
      const created = listed.filter((shard) => this.#add(shard, stream, startOf(shard.shardId))).length;
      if (created > 0) this.#notify();
      return created;
    });
  }

  list(): Promise<readonly ShardRow[]> {
    return this.#run(() => [...this.#shards].map(([shardId, parents]) => this.#toShardRow(shardId, parents)));
  }

  resources(): Promise<readonly LeaseResource[]> {
    return this.#run(() =>
      [...this.#shards].map(([shardId, parents]) => ({
        key: this.keyOf(shardId),
        after: parents.map((parent) => this.keyOf(parent)),
        mustExist: true,
      })),
    );
  }

  async checkpoint(lease: Lease, from: Checkpoint, to: Checkpoint): Promise<CheckpointAnswer> {
    lease.assertHeld();
    return this.#run(() => {
      const row = this.#fenced(lease);
      const stored = row.get('checkpoint')!;
      if (stored !== formatCheckpoint(from) && stored !== formatCheckpoint(to))
        return { outcome: 'moved', stored: parseCheckpoint(stored) };
      row.set('checkpoint', formatCheckpoint(to));
      return { outcome: 'stored' };
    }, lease.epoch);
  }

  async end(lease: Lease, from: Checkpoint, children: readonly ListedShard[]): Promise<CheckpointAnswer> {
    lease.assertHeld();
    return this.#run(() => {
      const mark = formatFencingToken(lease.token);
      if (this.#state.rows.get(lease.key)?.get('ended') === mark) return { outcome: 'stored' };
      const row = this.#fenced(lease);
      const stored = row.get('checkpoint')!;
      if (stored !== formatCheckpoint(from)) return { outcome: 'moved', stored: parseCheckpoint(stored) };
      row.set('ended', mark).set('checkpoint', 'SHARD_END').set('owner', '').set('worker', '').set('until', '0');
      for (const child of children) {
        if (child.parents.every((parent) => this.#shards.has(parent))) this.#add(child, identityOf(row), 'TRIM_HORIZON');
      }
      this.#notify();
      return { outcome: 'stored' };
    }, lease.epoch);
  }

  rewind(shardId: string, to: Checkpoint): Promise<Checkpoint | undefined> {
    return this.#run(() => {
      const row = this.#state.rows.get(this.keyOf(shardId));
      if (!row) return undefined;
      const before = parseCheckpoint(row.get('checkpoint')!);
      row.set('checkpoint', formatCheckpoint(to)).delete('ended');
      this.#notify();
      return before;
    });
  }

  prune(gone: readonly string[]): Promise<readonly string[]> {
    return this.#run(() => {
      const over = gone.filter((shardId) => this.#shards.has(shardId) && this.#rowOf(shardId).has('ended'));
      for (const shardId of over) {
        this.#state.rows.delete(this.keyOf(shardId));
        this.#shards.delete(shardId);
      }
      return over;
    });
  }

  get #shards(): Map<string, readonly string[]> {
    const shards = this.#state.tables.get(this.#options.key) ?? new Map<string, readonly string[]>();
    this.#state.tables.set(this.#options.key, shards);
    return shards;
  }

  #run<T>(command: () => T, epoch = this.#link.epoch): Promise<T> {
    return this.#link.run(epoch, command);
  }

  #rowOf(shardId: string): Row {
    return this.#state.rows.get(this.keyOf(shardId))!;
  }

  #fenced(lease: Lease): Row {
    const row = this.#state.rows.get(lease.key);
    if (!row || !isHolder(row, lease.token) || row.has('ended')) throw new LeaseLostError(lease.key, 'another owner has it');
    return row;
  }

  #add({ shardId, parents }: ListedShard, stream: StreamIdentity, checkpoint: string): boolean {
    if (this.#shards.has(shardId)) return false;
    this.#shards.set(shardId, parents);
    this.#state.rows.set(this.keyOf(shardId), newRow({ shardId, parents }, stream, checkpoint));
    return true;
  }

  #notify(): void {
    notify(this.#state, this.#options.group);
  }

  #toShardRow(shardId: string, parents: readonly string[]): ShardRow {
    const row = this.#rowOf(shardId);
    const isWaiting = parents.some((parent) => this.#shards.has(parent) && !this.#rowOf(parent).has('ended'));
    return {
      shardId,
      parents,
      key: this.keyOf(shardId),
      ...identityOf(row),
      state: row.has('ended') ? 'shardEnd' : isWaiting ? 'waiting' : 'active',
      checkpoint: parseCheckpoint(row.get('checkpoint')!),
      startedAt: parseCheckpoint(row.get('startedAt')!),
      worker: row.get('worker') ?? '',
      tokenNumber: Number(row.get('token') ?? 0),
    };
  }
}

const newRow = ({ shardId, parents }: ListedShard, { streamArn, streamCreatedAtMs }: StreamIdentity, checkpoint: string): Row =>
  new Map(
    Object.entries({
      shardId,
      parents: parents.join(','),
      streamArn,
      streamCreatedAt: String(streamCreatedAtMs),
      checkpoint,
      startedAt: checkpoint,
    }),
  );

const identityOf = (row: Row): StreamIdentity => ({
  streamArn: row.get('streamArn')!,
  streamCreatedAtMs: Number(row.get('streamCreatedAt')),
});

function assertSameStream(table: string, stored: StreamIdentity, found: StreamIdentity): void {
  const isSame = stored.streamArn === found.streamArn && stored.streamCreatedAtMs === found.streamCreatedAtMs;
  if (!isSame) throw new StreamRecreatedError(table, stored, found);
}
