/**
 * The checkpoints of one shard under one lease, written at most once a period, and once more before the lease is given back. The reader
 * goes on as if each were written: what is held back only makes a successor read more again, and it is never beyond what is enqueued.
 */
import type { Clock } from '@sluice/core';
import type { Checkpoint, CheckpointAnswer, Lease, ListedShard, ShardTable } from '@sluice/lease';

export interface PacedCheckpointsOptions {
  readonly table: Pick<ShardTable, 'checkpoint' | 'end'>;
  readonly lease: Lease;
  /** Milliseconds; 0 writes each. */
  readonly periodMs: number;
  readonly clock: Clock;
}

export class PacedCheckpoints {
  readonly #options: PacedCheckpointsOptions;
  /** What stands in the table, where it is not what the reader last heard. */
  #stored: Checkpoint | undefined;
  /** Reached, and not yet written. */
  #reached: Checkpoint | undefined;
  /** Another value was found while nobody asked. */
  #surprise: CheckpointAnswer | undefined;
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  #timer: unknown;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PacedCheckpointsOptions) {
    this.#options = options;
  }

  /** As {@link ShardTable.checkpoint}; also answers `stored` for what is written later. */
  move(from: Checkpoint, to: Checkpoint): Promise<CheckpointAnswer> {
    const { table, lease, periodMs, clock } = this.#options;
    if (periodMs === 0) return table.checkpoint(lease, from, to);
    return this.#inTurn(async () => {
      lease.assertHeld();
      if (this.#surprise) return this.#tell(this.#surprise);
      this.#stored ??= from;
      this.#reached = to;
      const dueInMs = this.#writtenAtMs + periodMs - clock.monotonic();
      if (dueInMs <= 0) return this.#tell(await this.#write());
      this.#timer ??= clock.setTimeout(() => void this.#writeLate(), dueInMs);
      return { outcome: 'stored' };
    });
  }

  /** As {@link ShardTable.end}, from what really stands there. */
  end(from: Checkpoint, children: readonly ListedShard[]): Promise<CheckpointAnswer> {
    const { table, lease } = this.#options;
    return this.#inTurn(async () => {
      this.#stopTimer();
      return this.#tell(this.#surprise ?? (await table.end(lease, this.#stored ?? from, children)));
    });
  }

  /** Writes what was held back. Never rejects: what is not written is read again. */
  async flush(): Promise<void> {
    this.#stopTimer();
    await this.#writeLate();
  }

  async #writeLate(): Promise<void> {
    await this.#inTurn(async () => {
      this.#timer = undefined;
      const answer = this.#reached && (await this.#write());
      if (answer?.outcome === 'moved') this.#surprise = answer;
    }).catch(() => undefined);
  }

  async #write(): Promise<CheckpointAnswer> {
    const { table, lease, clock } = this.#options;
    this.#stopTimer();
    const to = this.#reached!;
    const answer = await table.checkpoint(lease, this.#stored!, to);
    this.#writtenAtMs = clock.monotonic();
    this.#stored = to;
    this.#reached = undefined;
    return answer;
  }

  /** The reader goes on from another value: nothing of before counts any more. */
  #tell(answer: CheckpointAnswer): CheckpointAnswer {
    if (answer.outcome === 'moved') {
      this.#stored = undefined;
      this.#reached = undefined;
      this.#surprise = undefined;
    }
    return answer;
  }

  #stopTimer(): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
