import type { Logger } from '@sluice/core';
import { PLAIN_RUN, type ProcessedMessage, type ProcessorChain } from '@sluice/processors';
import type { Deliver, Delivery } from '../delivery.ts';
import { inheritNames, nameOf } from './names.ts';
import { partsOf } from './parts.ts';

export interface ChainPorts {
  /** Learns of messages that leave with a failure. */
  readonly logger: Logger;
  /** Aborted when the pipeline gives up what is left: a batch that is processed then stays unsettled. */
  readonly signal: AbortSignal;
}

/** Processors in front of a stage. A batch that they drop counts as delivered. */
export const throughChain =
  (chain: ProcessorChain, next: Deliver, { logger, signal }: ChainPorts): Deliver =>
  async (delivery) => {
    const batches = await processed(chain, delivery, signal);
    if (!batches) return;
    logFailures(delivery, batches, logger);
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

/** Each failure once, also where the message passes through several chains. */
function logFailures({ messages }: Delivery, batches: readonly (readonly ProcessedMessage[])[], logger: Logger): void {
  const known = new Set(messages.map(({ failure }) => failure));
  for (const { message } of batches.flat()) {
    const { failure } = message;
    if (!failure || known.has(failure)) continue;
    logger.error('a processor failed for a message', { processor: failure.at, reason: failure.message });
  }
}
