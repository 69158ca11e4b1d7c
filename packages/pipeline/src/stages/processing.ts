import type { Deliver } from '../delivery.ts';
import { Slots } from './slots.ts';

export interface Processing {
  readonly deliver: Deliver;
  /** Resolves once nothing is processed or waits for room at the output. */
  idle(): Promise<void>;
  /** Rejects with what no stage may throw: a bug, or a processor that ends the process. */
  readonly failed: Promise<never>;
}

/** A stage that holds up its input as long as it takes, over at most `threads` batches at once. */
export function processing(process: Deliver, threads: number): Processing {
  const slots = new Slots(threads);
  const running = new Set<Promise<void>>();
  const failure = Promise.withResolvers<never>();
  return {
    deliver: async (delivery) => {
      await slots.take();
      const work = process(delivery)
        .catch(failure.reject)
        .finally(() => {
          running.delete(work);
          slots.release();
        });
      running.add(work);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    failed: failure.promise,
  };
}
