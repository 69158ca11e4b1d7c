import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';
import type { LaneEvent } from '@sluice/telemetry';

/** What waits and is in hand in all lanes of an egress. */
export interface Backlog {
  readonly records: number;
  readonly bytes: number;
}

export interface LaneMeterOptions {
  readonly measureLanes: () => Promise<Backlog>;
  readonly emit: (event: LaneEvent) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 5_000;

/** Reports every few seconds what waits for the egress. Resolves once the signal is aborted. */
export async function measureLanes({ measureLanes: measure, emit, clock, logger }: LaneMeterOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await measure().then(
      (backlog) => emit({ type: 'lane.measured', ...backlog }),
      (error: unknown) => logger.debug('lanes could not be measured', { ...toErrorReport(error) }),
    );
    await sleep(clock, EVERY_MS, signal).catch(() => undefined);
  }
}
