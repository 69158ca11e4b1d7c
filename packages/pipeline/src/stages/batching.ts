/** Collects deliveries into batches by a batch policy. A delivery is never torn apart. */
import { Batcher, type BatchPolicy, type FlushReason } from '@sluice/batcher';
import type { Message } from '@sluice/bloblang';
import type { Clock } from '@sluice/core';
import type { Deliver, Delivery } from '../delivery.ts';
import { joined } from './parts.ts';

/** Bytes that a batch may hold before it leaves, whatever the policy says. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

export interface Batching {
  readonly deliver: Deliver;
  /** Lets go what is held. */
  flush(): Promise<void>;
  /** Lets go what is held, and from now on whatever comes, at once: no more is to be expected. */
  drain(): Promise<void>;
}

interface Held {
  readonly message: Message;
  /** With the last message of a delivery. */
  readonly delivery: Delivery | undefined;
}

export interface BatchingOptions {
  readonly clock: Clock;
  readonly onCheckError: (error: unknown) => void;
  /** Told of each batch that its policy made leave. */
  readonly onBatch: (reason: FlushReason) => void;
}

export function batching(policy: BatchPolicy<Message>, next: Deliver, { clock, onCheckError, onBatch }: BatchingOptions): Batching {
  const { check, ...triggers } = policy;
  const batcher = new Batcher<Held>(
    { ...triggers, ...(check && { check: (held: readonly Held[]) => check(held.map(({ message }) => message)) }) },
    { nowMs: clock.monotonic(), onCheckError },
  );
  let timer: unknown;
  let isDraining = false;

  // One batch at a time: while the next stage has no room for it, nothing is added.
  let flushing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    flushing = flushing.then(async () => {
      clock.clearTimeout(timer);
      timer = undefined;
      const batch = batcher.flush(clock.monotonic());
      if (batch?.reason) onBatch(batch.reason);
      if (batch) await next(joined(batch.items.flatMap(({ delivery }) => delivery ?? [])));
    });
    return flushing;
  };

  const wait = (): void => {
    const deadline = isDraining ? clock.monotonic() : batcher.deadline();
    if (deadline === undefined || timer !== undefined || batcher.count === 0) return;
    timer = clock.setTimeout(() => void flush(), Math.max(0, deadline - clock.monotonic()));
  };

  return {
    deliver: async (delivery) => {
      await flushing;
      const now = clock.monotonic();
      const last = delivery.messages.length - 1;
      let isDue = false;
      for (const [index, message] of delivery.messages.entries())
        isDue = batcher.add({ message, delivery: index === last ? delivery : undefined }, message.content.length, now) || isDue;
      if (isDue || batcher.byteSize > MAX_HELD_BYTES) await flush();
      else wait();
    },
    flush,
    drain: async () => {
      isDraining = true;
      await flush();
    },
  };
}
