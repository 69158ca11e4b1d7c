import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';

export interface LaneAuditorOptions {
  /** Counts the lane anew, corrects its gauge and removes payloads without a job. */
  readonly audit: () => Promise<unknown>;
  readonly clock: Clock;
  /** A number in [0, 1): lanes that were claimed together are not counted at the same moment. */
  readonly random: () => number;
  readonly logger: Logger;
}

const EVERY_MS = 60_000;

/**
 * Counts a lane anew about once a minute for as long as this worker owns it: a gauge that drifted would pause shard readers without end.
 * Resolves once the signal is aborted. A count that fails is made again the next time.
 */
export async function auditLane({ audit, clock, random, logger }: LaneAuditorOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(clock, EVERY_MS * (0.5 + random()), signal).catch(() => undefined);
    if (signal.aborted) return;
    await audit().catch((error: unknown) => logger.debug('lane could not be counted', { ...toErrorReport(error) }));
  }
}
