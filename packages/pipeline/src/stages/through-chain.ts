import type { ProcessorChain } from '@sluice/processors';
import type { Deliver } from '../delivery.ts';
import { partsOf } from './parts.ts';

/** Processors in front of a stage. A batch that they drop counts as delivered. */
export const throughChain =
  (chain: ProcessorChain, next: Deliver): Deliver =>
  async (delivery) => {
    for (const part of partsOf(delivery, await chain.batches(delivery.messages))) await next(part);
  };
