import type { Clock } from '@sluice/core';
import { type RedisSession, runPipeline, type TargetAddress, targetsKey } from '@sluice/redis';
import { parseLaneEntry } from '../lanes/lane-entry.ts';
import { isOverHighWater, type Pressure, type WaterMarks } from './water-marks.ts';

interface PressureGaugeOptions extends TargetAddress {
  readonly session: RedisSession;
  readonly clock: Clock;
  /** The gauge keys of the lanes. */
  readonly gauges: readonly string[];
  readonly waterMarks: WaterMarks | undefined;
  readonly maxAgeMs: number;
}

/**
 * Reads the gauges of all lanes, at most once in `maxAgeMs`; callers at the same moment share one reading. A failed one is not kept.
 * While an operator waits for the lanes to be empty, the target counts as over its high water mark.
 */
export function createPressureGauge({
  session,
  keyPrefix,
  target,
  clock,
  gauges,
  waterMarks,
  maxAgeMs,
}: PressureGaugeOptions): () => Promise<Pressure> {
  let wasOver = false;
  let latest: { readonly takenAt: number; readonly reading: Promise<Pressure> } | undefined;

  const read = async (): Promise<Pressure> => {
    const [time, entry, ...answers] = await runPipeline(session, session.epoch, (pipeline) => {
      pipeline.time().hget(targetsKey(keyPrefix), target);
      for (const gauge of gauges) pipeline.hmget(gauge, 'records', 'bytes');
    });
    let records = 0;
    let bytes = 0;
    for (const [laneRecords, laneBytes] of answers as [string | null, string | null][]) {
      records += Number(laneRecords ?? 0);
      bytes += Number(laneBytes ?? 0);
    }
    wasOver = waterMarks !== undefined && isOverHighWater({ records, bytes }, waterMarks, wasOver);
    return { records, bytes, isOverHighWater: wasOver || isChanging(entry as string | null, time as [string, string]) };
  };

  return () => {
    if (latest && clock.monotonic() - latest.takenAt < maxAgeMs) return latest.reading;
    const reading = read();
    const taken = { takenAt: clock.monotonic(), reading };
    latest = taken;
    reading.catch(() => {
      if (latest === taken) latest = undefined;
    });
    return reading;
  };
}

function isChanging(entry: string | null, [seconds]: readonly [string, string]): boolean {
  const change = entry === null ? undefined : parseLaneEntry(entry).change;
  return change !== undefined && (change.stage === 'closed' || change.untilMs > Number(seconds) * 1_000);
}
