import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';

export interface LaneAuditorOptions {
  /** The lanes held now. */
  readonly lanes: () => readonly number[];
  /** Counts a lane anew, sets its gauge right and removes payloads without a job. */
  readonly audit: (lane: number) => Promise<unknown>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 60_000;

/**
 * Has each lane counted anew once a minute by its owner: a gauge that drifted would pause shard readers for ever. Runs until the signal is
 * aborted; a count that fails is made again the next time.
 */
export async function auditLanes({ lanes, audit, clock, logger }: LaneAuditorOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(clock, EVERY_MS, signal).catch(() => undefined);
    for (const lane of lanes()) {
      if (signal.aborted) return;
      await audit(lane).catch((error: unknown) => logger.debug('lane could not be counted', { lane, ...toErrorReport(error) }));
    }
  }
}
