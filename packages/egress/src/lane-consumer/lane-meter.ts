import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';

/** What waits and is in hand in all lanes of an egress. */
export interface Backlog {
  readonly records: number;
  readonly bytes: number;
}

export interface LaneMeterOptions {
  readonly measure: () => Promise<Backlog>;
  readonly tell: (backlog: Backlog) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 5_000;

/** Tells every few seconds what waits for the egress, until the signal is aborted. What cannot be measured is not told. */
export async function measureLanes({ measure, tell, clock, logger }: LaneMeterOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await measure().then(tell, (error: unknown) => logger.debug('lanes could not be measured', { ...toErrorReport(error) }));
    await sleep(clock, EVERY_MS, signal).catch(() => undefined);
  }
}
