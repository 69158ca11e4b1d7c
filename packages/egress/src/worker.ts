/** The egress-worker without its command line: every egress of a configuration, over one Redis session. */
import type { Clock, Logger } from '@sluice/core';
import type { KinesisSink } from '@sluice/kinesis';
import { createLeaseKeeper, createRedisLeaseStore, freeResource } from '@sluice/lease';
import { auditLane, laneLeaseKey, openLaneReceiver, openLaneSender, readLaneCounts } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { bindEgress, type EventSink } from '@sluice/telemetry';
import type { CompiledEgress } from './compiled-egress.ts';
import { type RunningEgress, startEgress } from './egress.ts';

export interface EgressWorkerOptions {
  readonly egresses: readonly CompiledEgress[];
  readonly sinkOf: (egress: CompiledEgress) => KinesisSink;
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly workerId: string;
  readonly lease: { readonly ttlMs: number; readonly renewIntervalMs: number };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: EventSink;
  /** A number in [0, 1). */
  readonly random: () => number;
}

export interface EgressWorker {
  /** Resolves when it was stopped; rejects with what ended it otherwise. */
  readonly ended: Promise<void>;
  stop(): void;
  /** Whether every egress found its stream and works on lanes. */
  isWriting(): boolean;
}

/** Starts every egress. When one of them ends for a reason that no retry mends, all are stopped. */
export function startEgressWorker(options: EgressWorkerOptions): EgressWorker {
  const running = options.egresses.map((egress) => startOne(egress, options));
  const stop = () => {
    for (const egress of running) egress.stop();
  };
  const ended = Promise.allSettled(
    running.map((egress) =>
      egress.ended.catch((error: unknown) => {
        stop();
        throw error;
      }),
    ),
  ).then((outcomes) => {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
  return { ended, stop, isWriting: () => running.every((egress) => egress.isWriting()) };
}

function startOne(egress: CompiledEgress, options: EgressWorkerOptions): RunningEgress {
  const { session, keyPrefix, workerId, lease: leaseSettings, clock, logger, telemetry, random } = options;
  const target = egress.id;
  const leaseKeys = Array.from({ length: egress.lanes }, (_, lane) => laneLeaseKey({ keyPrefix, target, lane }));
  const store = createRedisLeaseStore(session);
  return startEgress(egress, {
    sink: options.sinkOf(egress),
    leaseKeys,
    noteLanes: async () => {
      await openLaneSender({ session, keyPrefix, target, lanes: egress.lanes, clock });
    },
    createKeeper: (emit) =>
      createLeaseKeeper({
        store,
        group: `${keyPrefix}:workers:${target}`,
        worker: workerId,
        resources: async () => leaseKeys.map(freeResource),
        emit,
        clock,
        logger,
        ttlMs: leaseSettings.ttlMs,
        intervalMs: leaseSettings.renewIntervalMs,
      }),
    openReceiver: (lane, lease) => openLaneReceiver({ session, keyPrefix, target, lane, lease, clock, logger }),
    auditLane: (lane) => auditLane(session, { keyPrefix, target, lane }, logger),
    measureLanes: async () => {
      const lanes = await readLaneCounts(session, { keyPrefix, target });
      return { records: lanes.reduce((sum, lane) => sum + lane.records, 0), bytes: lanes.reduce((sum, lane) => sum + lane.bytes, 0) };
    },
    clock,
    random,
    logger,
    emit: bindEgress(telemetry.emit, { egress: egress.id }),
  });
}
