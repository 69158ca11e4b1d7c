import type { Processor } from './processor.ts';

/** `sync_response`: the batch as it is now answers whoever sent it, where its input has a way to answer; it passes unchanged. */
export const syncResponse = (): Processor => (batch, run) => {
  run.respond?.(batch.map(({ message }) => message));
  return [batch];
};
