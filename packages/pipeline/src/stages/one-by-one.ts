import type { ProcessedMessage, ProcessorChain } from '@sluice/processors';

/** A chain for which each message of a batch is a batch by itself; what comes of them stays together. */
export function oneByOne(chain: ProcessorChain): ProcessorChain {
  const run: ProcessorChain['run'] = async (batch, how) => {
    const processed: ProcessedMessage[] = [];
    for (const [index, message] of batch.entries()) {
      const { identify } = how ?? {};
      const made = await chain.run([message], how && { ...how, ...(identify && { identify: () => identify(index) }) });
      processed.push(...made.map((one) => ({ ...one, sources: [index] })));
    }
    return processed;
  };
  return {
    run,
    batches: async (batch, how) => {
      const processed = await run(batch, how);
      return processed.length === 0 ? [] : [processed];
    },
  };
}
