import { type Clock, foldInTurn, sleep } from '@sluice/core';
import { rateLimitOf } from './find-resource.ts';
import type { CompileContext, Processor, ProcessorSettings } from './processor.ts';
import type { RateLimit } from './resources.ts';

/** `rate_limit`: each message waits for a place of the limit, in its turn. */
export function rateLimit(settings: ProcessorSettings, context: CompileContext): Processor {
  const limit = rateLimitOf(settings.options['resource'] as string, settings, context);
  return (batch, { signal }) =>
    foldInTurn(batch, [batch], (done) => {
      const pauseMs = limit.access();
      return pauseMs === 0 ? done : waitForPlace(limit, pauseMs, context.clock, signal).then(() => done);
    });
}

/** Resolves once a place is taken. @param first what the limit answered at first */
export async function waitForPlace(limit: RateLimit, first: number | Promise<number>, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let pauseMs = await first; pauseMs > 0; pauseMs = await limit.access()) await sleep(clock, pauseMs, signal);
}
