import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';

/** What waits and is in hand in all lanes of a target. */
export interface Backlog {
  readonly records: number;
  readonly bytes: number;
}

export interface LaneMeterOptions<B extends Backlog> {
  readonly measureLanes: () => Promise<B>;
  readonly report: (backlog: B) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 5_000;

/** Reports every few seconds what waits for the target. Resolves once the signal is aborted. */
export async function measureLanes<B extends Backlog>(
  { measureLanes: measure, report, clock, logger }: LaneMeterOptions<B>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await measure().then(report, (error: unknown) => logger.debug('lanes could not be measured', { ...toErrorReport(error) }));
    await sleep(clock, EVERY_MS, signal).catch(() => undefined);
  }
}
