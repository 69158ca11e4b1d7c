import { type BackoffPolicy, backoffDelay, type Clock, isBackoffSpent, sleep } from '@sluice/core';
import type { Deliver, Delivery } from '../delivery.ts';
import { failuresIn } from '../errors.ts';
import { partsOf, pick } from './parts.ts';

export interface PersistentOptions {
  readonly backoff: BackoffPolicy;
  /** Whether the sound messages of a batch are delivered again too. */
  readonly repeatsWhole: boolean;
  readonly clock: Clock;
  /** Aborted when the pipeline gives up what is left. */
  readonly signal: AbortSignal;
  readonly onFailure: (error: Error) => void;
}

/** A stage that is tried again until it takes a batch, or the backoff is spent: then the batch fails as the stage has said last. */
export function persistent(next: Deliver, { backoff, repeatsWhole, clock, signal, onFailure }: PersistentOptions): Deliver {
  const attempt = (delivery: Delivery, number: number, startedMs: number): Promise<void> =>
    next({
      ...delivery,
      settle: (failure) => {
        if (failure) void again(delivery, failure, number, startedMs);
        else delivery.settle();
      },
    });
  const again = async (delivery: Delivery, failure: Error, number: number, startedMs: number): Promise<void> => {
    onFailure(failure);
    const delayMs = backoffDelay(backoff, number, Math.random());
    if (isBackoffSpent(backoff, number, clock.monotonic() - startedMs, delayMs)) return delivery.settle(failure);
    const failed = [...failuresIn(failure, delivery.messages.length).keys()].sort((a, b) => a - b);
    const [left = delivery] = repeatsWhole ? [] : partsOf(delivery, [pick(delivery, failed)]);
    await sleep(clock, delayMs, signal).then(
      () => attempt(left, number + 1, startedMs),
      () => undefined,
    );
  };
  return (delivery) => attempt(delivery, 0, clock.monotonic());
}
