import type { Clock } from '@sluice/core';
import { type RedisSession, runPipeline } from '@sluice/redis';
import { isOverHighWater, type Pressure, type WaterMarks } from './water-marks.ts';

interface PressureGaugeOptions {
  readonly session: RedisSession;
  readonly clock: Clock;
  /** The gauge keys of the lanes. */
  readonly gauges: readonly string[];
  readonly waterMarks: WaterMarks | undefined;
  readonly maxAgeMs: number;
}

/** Reads the gauges of all lanes, at most once in `maxAgeMs`; callers at the same moment share one reading. A failed one is not kept. */
export function createPressureGauge({ session, clock, gauges, waterMarks, maxAgeMs }: PressureGaugeOptions): () => Promise<Pressure> {
  let wasOver = false;
  let latest: { readonly takenAt: number; readonly reading: Promise<Pressure> } | undefined;

  const read = async (): Promise<Pressure> => {
    const answers = await runPipeline(session, session.epoch, (pipeline) => {
      for (const gauge of gauges) pipeline.hmget(gauge, 'records', 'bytes');
    });
    let records = 0;
    let bytes = 0;
    for (const [laneRecords, laneBytes] of answers as [string | null, string | null][]) {
      records += Number(laneRecords ?? 0);
      bytes += Number(laneBytes ?? 0);
    }
    wasOver = waterMarks !== undefined && isOverHighWater({ records, bytes }, waterMarks, wasOver);
    return { records, bytes, isOverHighWater: wasOver };
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
