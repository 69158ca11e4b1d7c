import type { Clock } from '@sluice/core';
import { type LaneKeys, laneKeys, type RedisSession, type TargetAddress } from '@sluice/redis';
import type { RecordedLanes } from '../lanes/lane-count.ts';
import { createPressureGauge } from './pressure-gauge.ts';
import type { Pressure, WaterMarks } from './water-marks.ts';

/** The lanes of a target as a sender knows them, until their number changes. */
export interface SenderLanes extends RecordedLanes {
  readonly keys: readonly LaneKeys[];
  readonly pressure: () => Promise<Pressure>;
}

export interface SenderLanesOptions extends TargetAddress, RecordedLanes {
  readonly session: RedisSession;
  readonly clock: Clock;
  readonly waterMarks?: WaterMarks;
  readonly pressureMaxAgeMs?: number;
}

export function senderLanes({ lanes, layout, waterMarks, pressureMaxAgeMs: maxAgeMs = 100, ...options }: SenderLanesOptions): SenderLanes {
  const keys = Array.from({ length: lanes }, (_, lane) => laneKeys({ ...options, lane }));
  const gauges = keys.map(({ gauge }) => gauge);
  return { lanes, layout, keys, pressure: createPressureGauge({ ...options, gauges, waterMarks, maxAgeMs }) };
}
