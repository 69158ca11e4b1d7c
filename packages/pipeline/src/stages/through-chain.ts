import { PLAIN_RUN, type ProcessorChain } from '@sluice/processors';
import type { Deliver, Delivery } from '../delivery.ts';
import { inheritNames, nameOf } from './names.ts';
import { partsOf } from './parts.ts';

/**
 * Processors in front of a stage. A batch that they drop counts as delivered.
 * @param signal aborted when the pipeline gives up what is left: a batch that is processed then stays unsettled
 */
export const throughChain =
  (chain: ProcessorChain, next: Deliver, signal: AbortSignal): Deliver =>
  async (delivery) => {
    const batches = await processed(chain, delivery, signal);
    if (!batches) return;
    for (const batch of batches) inheritNames(delivery.messages, batch);
    for (const part of partsOf(delivery, batches)) await next(part);
  };

async function processed(chain: ProcessorChain, { messages, respond }: Delivery, signal: AbortSignal) {
  try {
    return await chain.batches(messages, {
      ...PLAIN_RUN,
      signal,
      identify: (source) => nameOf(messages[source]!),
      ...(respond && { respond }),
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
