import type { Clock, Logger } from '@sluice/core';
import type { KinesisSink } from '@sluice/kinesis';
import { createLeaseKeeper, createRedisLeaseStore } from '@sluice/lease';
import { auditLane, createLaneRoster, openLaneReceiver, readLaneAges, readLaneCounts } from '@sluice/queue';
import { type RedisSession, writerGroupKey } from '@sluice/redis';
import { bindEgress, type EventSink, type Tracing } from '@sluice/telemetry';
import type { CompiledEgress } from './compile/compiled-egress.ts';
import { createEgress, type EgressLogic } from './egress/egress.ts';
import type { LargeRecordStore } from './egress-writer/record-offload.ts';
import { createRedisBudgetLedger } from './shard-budget/redis-budget-ledger.ts';

/** What all egresses of a worker share. */
export interface EgressContext {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly worker: string;
  readonly lease: { readonly ttlMs: number; readonly renewIntervalMs: number };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: EventSink;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Whether Kinesis is known to enforce its quotas; else one learns of them when a shard throttles. @default false */
  readonly hasQuotas?: boolean;
  /** Opens where data go that are too large; closed with the egress. Absent: such records are rejected. */
  readonly openLargeRecords?: (() => Promise<LargeRecordStore & Disposable>) | undefined;
}

/** The logic of one egress over its lanes and leases in Redis. @param openSink a client of its own, closed with the egress */
export function openEgress(egress: CompiledEgress, openSink: () => Promise<KinesisSink & Disposable>, context: EgressContext): EgressLogic {
  const { session, keyPrefix, worker, lease, clock, random, telemetry, tracing, hasQuotas = false } = context;
  const target = egress.id;
  const logger = context.logger.child({ egress: egress.id });
  // What processors keep beyond a record, such as a cache, may be a part of its data.
  const reusesMemory = egress.processing === undefined;
  const roster = createLaneRoster({ session, keyPrefix, target, lanes: egress.lanes, logger });
  return createEgress(egress, {
    openSink,
    budgets: { isEnforced: hasQuotas, open: (stream) => createRedisBudgetLedger({ session, keyPrefix, stream, isEnforced: hasQuotas }) },
    openLargeRecords: context.openLargeRecords,
    laneOf: (leaseKey) => roster.laneOf(leaseKey),
    leaseGroup: `egress:${egress.id}`,
    noteLanes: () => roster.open(),
    createKeeper: (emit) =>
      createLeaseKeeper({
        store: createRedisLeaseStore(session),
        group: writerGroupKey(keyPrefix, target),
        worker,
        resources: () => roster.resources(),
        recallsUnlisted: true,
        emit,
        clock,
        logger,
        ttlMs: lease.ttlMs,
        intervalMs: lease.renewIntervalMs,
      }),
    openReceiver: (lane, held) => openLaneReceiver({ session, keyPrefix, target, lane, lease: held, clock, logger, reusesMemory }),
    auditLane: (lane) => auditLane(session, { keyPrefix, target, lane }, logger),
    measureLanes: async () => sum(await readLaneCounts(session, { keyPrefix, target })),
    measureAges: () => readLaneAges(session, { keyPrefix, target, lanes: roster.lanes, worker }),
    clock,
    random,
    logger,
    tracing,
    emit: bindEgress(telemetry.emit, { egress: egress.id }),
  });
}

const sum = (lanes: ReadonlyArray<{ readonly records: number; readonly bytes: number }>) => ({
  records: lanes.reduce((total, { records }) => total + records, 0),
  bytes: lanes.reduce((total, { bytes }) => total + bytes, 0),
});
