/**
 * How the shards of an ingress are getting on, by the reports of their readers: how far each is behind by now, and whether this worker
 * may be cut off from Kinesis.
 */
import { type Clock, SluiceError } from '@sluice/core';
import { isBlocked } from '@sluice/kinesis';
import { ShardBlockedError } from '../errors.ts';

/** How the shards of all streams are told apart here. */
export const placeOf = (stream: string, shard: string): string => `${stream}/${shard}`;

interface Progress {
  /** How far the shard was behind when that was last known. */
  readonly lagMs: number;
  /** When that was, on the monotonic clock; at first when its reader started. */
  readonly at: number;
  readonly isFailing: boolean;
  /** When the record arrived at which the shard stands still, on the monotonic clock. Reading it again is no progress. */
  readonly standsSince?: number;
}

/** Failures of the way to Kinesis. Throttling and expired iterators are answers of a service that is there. */
const UNREACHABLE = new Set(['KINESIS_UNAVAILABLE', 'KINESIS_TIMEOUT', 'KINESIS_CREDENTIALS_EXPIRED', 'CREDENTIALS_UNAVAILABLE']);

export class ReadProgress {
  readonly #clock: Clock;
  readonly #shards = new Map<string, Progress>();
  #lastSuccessAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  started(shard: string): void {
    this.#shards.set(shard, { lagMs: 0, at: this.#clock.monotonic(), isFailing: false });
  }

  read(shard: string, lagMs: number): void {
    const standsSince = this.#shards.get(shard)?.standsSince;
    this.#shards.set(shard, { lagMs, at: this.#clock.monotonic(), isFailing: false, ...(standsSince !== undefined && { standsSince }) });
    this.succeeded();
  }

  /** Kinesis answered, if not with records. */
  succeeded(): void {
    this.#lastSuccessAt = this.#clock.monotonic();
  }

  failed(shard: string, error: unknown): void {
    const progress = this.#shards.get(shard);
    const isFailing = isBlocked(error) || (error instanceof SluiceError && UNREACHABLE.has(error.code));
    if (!progress) return;
    this.#shards.set(shard, { ...progress, isFailing, ...(error instanceof ShardBlockedError && this.#standing(progress, error)) });
  }

  #standing({ standsSince }: Progress, { arrivedAtMs }: ShardBlockedError): Pick<Progress, 'standsSince'> {
    if (standsSince !== undefined) return { standsSince };
    const ageMs = arrivedAtMs > 0 ? this.#clock.now() - arrivedAtMs : 0;
    return { standsSince: this.#clock.monotonic() - ageMs };
  }

  /** Records were enqueued: the shard does not stand still. */
  passedOn(shard: string): void {
    const { standsSince, ...progress } = this.#shards.get(shard) ?? {};
    if (standsSince !== undefined) this.#shards.set(shard, progress as Progress);
  }

  ended(shard: string): void {
    this.#shards.delete(shard);
  }

  /** How far a shard is behind by now: the longer it was not read, the more. */
  lagMs(shard: string): number {
    const progress = this.#shards.get(shard);
    if (!progress) return 0;
    const now = this.#clock.monotonic();
    return Math.max(progress.lagMs + now - progress.at, now - (progress.standsSince ?? now));
  }

  /** Whether no shard at all could be read for so long, though some are to be. */
  isFailing(forMs: number): boolean {
    const shards = [...this.#shards.values()];
    return shards.length > 0 && shards.every(({ isFailing, at }) => isFailing && this.#clock.monotonic() - at >= forMs);
  }

  /** Whether Kinesis has answered since that moment of the monotonic clock, and no shard fails now. */
  hasSucceededSince(moment: number): boolean {
    return this.#lastSuccessAt >= moment && [...this.#shards.values()].every(({ isFailing }) => !isFailing);
  }
}
