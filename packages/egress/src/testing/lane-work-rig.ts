/** The work on a fake lane, written by a real writer whose answers are the test's. */
import type { BatchPolicy } from '@sluice/batcher';
import { SluiceError, silentLogger, type Weight, WeightedBudget } from '@sluice/core';
import type { SpentBudget } from '@sluice/lane-consumer';
import type { LaneEvent } from '@sluice/telemetry';
import type { RecordInHand } from '../egress-writer/record-in-hand.ts';
import type { Processing } from '../egress-writer/record-processing.ts';
import { EgressLaneWork } from '../lane-consumer/lane-work.ts';
import { FakeLane } from './fake-lane.ts';
import { settled } from './held-sink.ts';
import { retrying, writerOf } from './writer-rig.ts';

export const THROTTLED = 'ProvisionedThroughputExceededException';

export class RefusedError extends SluiceError {
  readonly code = 'REFUSED';
  readonly disposition = 'retry';
}

export function workOf({
  limit = { bytes: 1_000_000, records: 10_000 },
  batching = undefined as BatchPolicy<RecordInHand> | undefined,
  maxElapsedMs = 1_500,
  processing = undefined as Processing | undefined,
  expectedJob = { bytes: 612, records: 1 } as Weight,
} = {}) {
  const { writer, sink, clock, events, health } = writerOf({
    retry: retrying({ maxElapsedMs }),
    batching,
    processing,
  });
  const lane = new FakeLane();
  const lease = { endsInMs: 5_000 };
  const budget = new WeightedBudget(limit);
  const spent: SpentBudget[] = [];
  const failures: unknown[] = [];
  const laneEvents: LaneEvent[] = [];
  const work = new EgressLaneWork({
    target: 'out',
    lane: 0,
    lease: { remainingMs: () => lease.endsInMs },
    receiver: lane,
    writer,
    budget,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    expectedJob,
    audit: async () => undefined,
    emit: (event) => laneEvents.push(event),
  });
  const abandon = work.hold((notice) => {
    if (notice.type === 'budget.spent') spent.push(notice.spent);
    if (notice.type === 'lane.failed') failures.push(notice.error);
  });
  let controller = new AbortController();
  const start = async () => {
    controller = new AbortController();
    if (!lane.calls.includes('takeOver')) await work.takeOver();
    work.move(controller.signal).catch(() => undefined);
    await settled();
  };
  return {
    lane,
    lease,
    sink,
    clock,
    budget,
    events,
    spent,
    failures,
    health,
    laneEvents,
    acksLost: () => laneEvents.flatMap((event) => (event.type === 'ack.lost' ? [event.records] : [])),
    work,
    abandon,
    start,
    stopMoving: () => controller.abort(new Error('stop')),
  };
}
