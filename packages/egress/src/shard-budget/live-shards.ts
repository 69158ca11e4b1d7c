/**
 * The shards of a stream as they are known while it is written. An answer that names another shard than they predict says that the stream was
 * resharded: then they are listed anew.
 */
import type { Clock } from '@sluice/core';
import type { ShardMap } from '@sluice/kinesis';

export interface LiveShardsOptions {
  readonly shards: ShardMap;
  /** Lists them anew. May reject, or find that it may not. */
  readonly find: () => Promise<ShardMap | undefined>;
  readonly clock: Clock;
}

interface Keyed {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
}

/** Between two looks that answers call for. */
const PAUSE_MS = 1_000;
/** Keys whose shard is remembered. */
const MAX_KEYS = 10_000;

export class LiveShards {
  readonly #options: LiveShardsOptions;
  readonly #byKey = new Map<string, string>();
  readonly #listeners: Array<(map: ShardMap) => void> = [];
  #map: ShardMap;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** One that an answer named and that is not listed. */
  #unlisted: string | undefined;

  constructor(options: LiveShardsOptions) {
    this.#options = options;
    this.#map = options.shards;
  }

  /** Whether the stream has shards that are not listed, so that records may go elsewhere than the map says. */
  get isInDoubt(): boolean {
    return this.#unlisted !== undefined;
  }

  /** The shard that a record goes to; `undefined` where none is listed. */
  shardOf(record: Keyed): string | undefined {
    if (record.explicitHashKey !== undefined) return this.#map.shardOf(record);
    const known = this.#byKey.get(record.partitionKey);
    if (known !== undefined) return known;
    const shardId = this.#map.shardOf(record);
    if (shardId === undefined) return undefined;
    if (this.#byKey.size >= MAX_KEYS) this.#byKey.clear();
    this.#byKey.set(record.partitionKey, shardId);
    return shardId;
  }

  /** Whether a record belongs to a shard, open or closed. `false` where that is not known. */
  isOf(shardId: string, record: Keyed): boolean {
    return this.#map.isOf(shardId, record);
  }

  onChange(listener: (map: ShardMap) => void): void {
    this.#listeners.push(listener);
  }

  /** An answer says where a record went. Lists the shards anew, though not too often, where that is not as predicted. */
  answered(record: Keyed, shardId: string): void {
    if (this.shardOf(record) === shardId) return;
    this.#doubt(shardId);
    if (this.#options.clock.monotonic() >= this.#lookedMs + PAUSE_MS) void this.#look();
  }

  /** Lists the shards anew until one that an answer named is among them: once. Resolves at the latest when the signal is aborted. */
  async learn(shardId: string, signal: AbortSignal): Promise<void> {
    this.#doubt(shardId);
    if (!this.isInDoubt || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => resolve();
    signal.addEventListener('abort', end, { once: true });
    void this.#look().then(end);
    await promise;
    signal.removeEventListener('abort', end);
  }

  #doubt(shardId: string): void {
    if (!this.#map.has(shardId)) this.#unlisted = shardId;
  }

  /** One look at a time, for all that wait for it. Does not reject: where it fails, the next answer asks again. */
  #look(): Promise<void> {
    this.#lookedMs = this.#options.clock.monotonic();
    this.#looking ??= this.#options
      .find()
      .then(
        (map) => map && this.#use(map),
        () => undefined,
      )
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  #use(map: ShardMap): void {
    this.#map = map;
    this.#byKey.clear();
    if (this.#unlisted !== undefined && map.has(this.#unlisted)) this.#unlisted = undefined;
    for (const listener of this.#listeners) listener(map);
  }
}
