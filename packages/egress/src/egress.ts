/** One egress put together: its machine, its writer, its lanes. */
import { type Clock, type Logger, RECORD_OVERHEAD_BYTES, WeightedBudget } from '@sluice/core';
import type { KinesisSink } from '@sluice/kinesis';
import type { Lease, LeaseEvent, LeaseKeeper } from '@sluice/lease';
import type { EmitFromEgress } from '@sluice/telemetry';
import { createActor, type EventFrom } from 'xstate';
import type { CompiledEgress } from './compiled-egress.ts';
import type { ResolvedStream } from './egress-writer/egress-writer.machine.ts';
import { createEgressWriter } from './egress-writer/egress-writer.ts';
import { RecordWriter } from './egress-writer/record-writer.ts';
import { resolveStream } from './egress-writer/resolve-stream.ts';
import { EgressLanes } from './lane-consumer/egress-lanes.ts';
import type { Backlog } from './lane-consumer/lane-meter.ts';
import type { LaneReceiver } from './lane-consumer/ports.ts';

export interface EgressPorts {
  readonly sink: KinesisSink;
  /** Notes the number of lanes at first use. Rejects when another number was noted. */
  readonly noteLanes: () => Promise<void>;
  /** Lease key of each lane, by its number. */
  readonly leaseKeys: readonly string[];
  readonly createKeeper: (emit: (event: LeaseEvent) => void) => LeaseKeeper;
  readonly openReceiver: (lane: number, lease: Lease) => LaneReceiver;
  /** Counts a lane anew. */
  readonly auditLane: (lane: number) => Promise<unknown>;
  /** What waits and is in hand in all lanes. */
  readonly measureLanes: () => Promise<Backlog>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly emit: EmitFromEgress;
}

/** After a stop, how long records in hand still may begin to be sent. With the endpoint answering in 1 s all of them end before the drain's limit. */
const SHUTDOWN_GRACE_MS = 400;
/** What the queue makes of a batch, at most; larger where one record alone is. */
const EXPECTED_JOB = { bytes: 1024 * 1024 + 500 * RECORD_OVERHEAD_BYTES, records: 500 };
/** Least rest of a lane whose budget is spent. */
const LEAST_BLOCK_MS = 1_000;

export interface RunningEgress {
  /** Resolves when it was stopped; rejects with what ended it otherwise. */
  readonly ended: Promise<void>;
  stop(): void;
  isWriting(): boolean;
}

export function startEgress(egress: CompiledEgress, ports: EgressPorts): RunningEgress {
  const { clock, logger } = ports;
  const running: { writer?: RecordWriter; lanes?: EgressLanes } = {};
  const fail = (error: unknown) => send({ type: 'writer.failed', error });

  const machine = createEgressWriter({
    resolveStream: async (signal) => {
      await ports.noteLanes();
      return resolveStream(ports.sink, egress.stream, { ordering: egress.ordering, logger, signal });
    },
    start: (stream) => {
      logger.info('egress writes', { egress: egress.id, stream: stream.stream, lanes: egress.lanes, ordering: egress.ordering });
      running.writer = createWriter(egress, stream, ports, fail);
      running.lanes = createLanes(egress, running.writer, ports, fail);
      running.lanes.start();
    },
    drain: async () => {
      running.writer?.flush('shutdown');
      await running.lanes?.drain(SHUTDOWN_GRACE_MS);
      running.writer?.abort();
    },
  });
  // Whoever stops an egress need not know whether it has ended by itself.
  const send = (event: EventFrom<typeof machine>) => {
    if (actor.getSnapshot().status === 'active') actor.send(event);
  };
  const actor = createActor(machine, { input: { egressId: egress.id }, clock });
  actor.on('start.awaited', ({ error, attempt }) => {
    logger.warn('egress cannot start yet; it is tried again', { egress: egress.id, attempt, reason: messageOf(error) });
  });
  const ended = new Promise<void>((resolve, reject) => {
    const settle = () => {
      const { reason, error } = actor.getSnapshot().output!;
      if (reason === 'failed') reject(error);
      else resolve();
    };
    actor.subscribe({ complete: settle, error: reject });
  });
  actor.start();
  return {
    ended,
    stop: () => send({ type: 'shutdown.requested' }),
    isWriting: () => actor.getSnapshot().matches('writing'),
  };
}

const createWriter = (egress: CompiledEgress, stream: ResolvedStream, ports: EgressPorts, onBug: (error: unknown) => void): RecordWriter =>
  new RecordWriter(
    {
      ...egress,
      stream: stream.stream,
      keys: { ...egress.keys, maxRecordBytes: stream.maxRecordBytes },
      aggregation: stream.isAutoDistributed ? undefined : egress.aggregation,
    },
    { sink: ports.sink, clock: ports.clock, random: ports.random, emit: ports.emit, onBug },
  );

function createLanes(egress: CompiledEgress, writer: RecordWriter, ports: EgressPorts, onFatal: (error: unknown) => void): EgressLanes {
  return new EgressLanes({
    ...ports,
    egressId: egress.id,
    writer,
    budget: new WeightedBudget(egress.budget),
    expectedJob: EXPECTED_JOB,
    blockMs: Math.max(LEAST_BLOCK_MS, egress.retry.backoff.maxIntervalMs),
    onFatal,
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
