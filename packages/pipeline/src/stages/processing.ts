import type { Deliver } from '../delivery.ts';
import { Slots } from './slots.ts';

export interface Processing {
  readonly deliver: Deliver;
  /** Resolves once nothing is processed or waits for room at the output. */
  idle(): Promise<void>;
}

/** A stage that holds up its input as long as it takes, over at most `threads` batches at once. */
export function processing(process: Deliver, threads: number): Processing {
  const slots = new Slots(threads);
  const running = new Set<Promise<void>>();
  return {
    deliver: async (delivery) => {
      await slots.take();
      const work = process(delivery).finally(() => {
        running.delete(work);
        slots.release();
      });
      running.add(work);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
