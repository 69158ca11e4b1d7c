/** Every egress of a configuration over one Redis session. */
import type { Clock, Logger } from '@sluice/core';
import type { KinesisSink } from '@sluice/kinesis';
import { createLeaseKeeper, createRedisLeaseStore, freeResource } from '@sluice/lease';
import { auditLane, laneLeaseKey, openLaneReceiver, openLaneSender, readLaneCounts } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { bindEgress, type EventSink } from '@sluice/telemetry';
import { type Actor, createActor } from 'xstate';
import type { CompiledEgress } from './compile/compiled-egress.ts';
import { createEgress, type EgressLogic } from './egress/egress.ts';

export interface EgressContext {
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

/** The logic of one egress, over the lanes and leases in Redis. */
export function createEgressOver(
  { session, keyPrefix, workerId, lease: { ttlMs, renewIntervalMs }, clock, logger, telemetry, random }: EgressContext,
  egress: CompiledEgress,
  sink: KinesisSink,
): EgressLogic {
  const target = egress.id;
  const leaseKeys = Array.from({ length: egress.lanes }, (_, lane) => laneLeaseKey({ keyPrefix, target, lane }));
  const store = createRedisLeaseStore(session);
  return createEgress(egress, {
    sink,
    leaseKeys,
    leaseGroup: `egress:${egress.id}`,
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
        ttlMs,
        intervalMs: renewIntervalMs,
      }),
    openReceiver: (lane, lease) => openLaneReceiver({ session, keyPrefix, target, lane, lease, clock, logger }),
    auditLane: (lane) => auditLane(session, { keyPrefix, target, lane }, logger),
    measureLanes: async () => {
      const lanes = await readLaneCounts(session, { keyPrefix, target });
      return { records: lanes.reduce((sum, lane) => sum + lane.records, 0), bytes: lanes.reduce((sum, lane) => sum + lane.bytes, 0) };
    },
    clock,
    random,
    logger: logger.child({ egress: egress.id }),
    emit: bindEgress(telemetry.emit, { egress: egress.id }),
  });
}

export interface EgressWorkerOptions extends EgressContext {
  readonly egresses: readonly CompiledEgress[];
  readonly sinkOf: (egress: CompiledEgress) => KinesisSink;
}

export interface EgressWorker {
  /** Resolves when it was stopped; rejects with what ended it otherwise. */
  readonly ended: Promise<void>;
  stop(): void;
  /** Whether every egress found its stream and delivers. */
  isWriting(): boolean;
}

/** Starts every egress. When one of them ends for a reason that no retry mends, all are stopped. */
export function startEgressWorker(options: EgressWorkerOptions): EgressWorker {
  const { clock } = options;
  const actors = options.egresses.map((egress) => createActor(createEgressOver(options, egress, options.sinkOf(egress)), { clock }));
  const stop = () => {
    for (const actor of actors) if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
  };
  const endings = actors.map((actor) =>
    endOf(actor).catch((error: unknown) => {
      stop();
      throw error;
    }),
  );
  const ended = Promise.allSettled(endings).then((outcomes) => {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
  for (const actor of actors) actor.start();
  return { ended, stop, isWriting: () => actors.every((actor) => actor.getSnapshot().hasTag('ready')) };
}

const endOf = (actor: Actor<EgressLogic>): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      const { reason, error } = actor.getSnapshot().output!;
      if (reason === 'failed') reject(error);
      else resolve();
    };
    actor.subscribe({ complete: end, error: reject });
  });
