import type { Clock, Logger } from '@sluice/core';
import type { KinesisSink } from '@sluice/kinesis';
import { createLeaseKeeper, createRedisLeaseStore } from '@sluice/lease';
import { auditLane, createLaneRoster, openLaneReceiver, readLaneAges, readLaneCounts } from '@sluice/queue';
import { type RedisSession, writerGroupKey } from '@sluice/redis';
import { bindEgress, type EventSink, type Tracing } from '@sluice/telemetry';
import type { CompiledEgress } from './compile/compiled-egress.ts';
import { createEgress, type EgressLogic, type EgressPorts, type LaneEgress } from './egress/egress.ts';
import type { OpenedWriter } from './egress/lane-writer.ts';
import { openWriter } from './egress/open-writer.ts';
import type { LargeRecordStore } from './egress-writer/record-offload.ts';
import { createRedisBudgetLedger } from './shard-budget/redis-budget-ledger.ts';

/** What all egresses of a worker share. */
export interface LaneEgressContext {
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
}

/** What an egress to Kinesis needs beside that. */
export interface EgressContext extends LaneEgressContext {
  /** Whether Kinesis is known to enforce its quotas; else one learns of them when a shard throttles. @default false */
  readonly hasQuotas?: boolean;
  /** What a writer sends to a shard at most, in per cent of the shard's quota. */
  readonly rateLimit?: number | undefined;
  /** Opens where data go that are too large; closed with the egress. Absent: such records are rejected. */
  readonly openLargeRecords?: (() => Promise<LargeRecordStore & Disposable>) | undefined;
}

/** The logic of one egress to Kinesis over its lanes and leases in Redis. @param openSink a client of its own, closed with the egress */
export function openEgress(egress: CompiledEgress, openSink: () => Promise<KinesisSink & Disposable>, context: EgressContext): EgressLogic {
  const { session, keyPrefix, clock, random, telemetry, tracing, hasQuotas: isEnforced = false, rateLimit } = context;
  const ports = {
    ...{ clock, random, tracing, logger: context.logger.child({ egress: egress.id }) },
    budgets: { isEnforced, rateLimit, open: (stream: string) => createRedisBudgetLedger({ session, keyPrefix, stream, isEnforced }) },
    emit: bindEgress(telemetry.emit, { egress: egress.id }),
  };
  const openAll = async (signal: AbortSignal): Promise<OpenedWriter> => {
    const sink = await openSink();
    const opened: Disposable[] = [sink];
    const close = () => {
      for (const one of opened) one[Symbol.dispose]();
    };
    try {
      const largeRecords = await context.openLargeRecords?.();
      if (largeRecords) opened.push(largeRecords);
      return { writer: await openWriter(egress, sink, { ...ports, largeRecords }, signal), close };
    } catch (error) {
      close();
      throw error;
    }
  };
  // What processors keep beyond a record, such as a cache, may be a part of its data.
  const reusesMemory = egress.processing === undefined;
  return openLaneEgress({ ...egress, blockMs: egress.retry.backoff.maxIntervalMs }, { openWriter: openAll, reusesMemory }, context);
}

/** The logic of one egress over its lanes and leases in Redis. @param reusesMemory whether nothing keeps the data of a record that is settled */
export function openLaneEgress(
  egress: LaneEgress,
  { openWriter: open, reusesMemory }: { readonly openWriter: EgressPorts['openWriter']; readonly reusesMemory: boolean },
  context: LaneEgressContext,
): EgressLogic {
  const { session, keyPrefix, worker, lease, clock, random, telemetry, tracing } = context;
  const target = egress.id;
  const logger = context.logger.child({ egress: egress.id });
  const layout = egress.ordering === 'shard' ? 'shard' : 'key';
  const roster = createLaneRoster({ session, keyPrefix, target, lanes: egress.lanes, layout, logger });
  return createEgress(egress, {
    openWriter: open,
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
