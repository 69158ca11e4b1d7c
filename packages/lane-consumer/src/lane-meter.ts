import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';

/** What waits and is in hand in all lanes of a target. */
export interface Backlog {
  readonly records: number;
  readonly bytes: number;
}

/** How long the first job of a lane has been in it, milliseconds. */
export type LaneAges = ReadonlyMap<number, number>;

export interface LaneMeterOptions<B extends Backlog> {
  readonly measureLanes: () => Promise<B>;
  readonly report: (backlog: B) => void;
  /** Of the lanes that this worker holds. */
  readonly measureAges: () => Promise<LaneAges>;
  /** `undefined`: the lane is not this worker's any more, or its age is not known. */
  readonly reportAge: (lane: number, ageMs: number | undefined) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 5_000;

/** Reports every few seconds what waits for the target, and how old each lane is. Resolves once the signal is aborted. */
export async function measureLanes<B extends Backlog>(
  { measureLanes: measure, report, measureAges, reportAge, clock, logger }: LaneMeterOptions<B>,
  signal: AbortSignal,
): Promise<void> {
  let known: LaneAges = new Map();
  const reportAges = (ages: LaneAges) => {
    for (const lane of known.keys()) if (!ages.has(lane)) reportAge(lane, undefined);
    for (const [lane, ageMs] of ages) reportAge(lane, ageMs);
    known = ages;
  };
  while (!signal.aborted) {
    const note = (error: unknown) => logger.debug('lanes could not be measured', { ...toErrorReport(error) });
    await measure().then(report, note);
    const ages = await measureAges().catch((error: unknown) => {
      note(error);
      return new Map<number, number>();
    });
    if (!signal.aborted) reportAges(ages);
    await sleep(clock, EVERY_MS, signal).catch(() => undefined);
  }
  reportAges(new Map());
}
