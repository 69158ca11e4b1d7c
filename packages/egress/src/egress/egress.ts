/** One egress put together: its machine, its writer, its lanes. The worker's root actor spawns it. */
import { type Clock, type Logger, RECORD_OVERHEAD_BYTES, toErrorReport, type Weight, WeightedBudget } from '@sluice/core';
import {
  type Backlog,
  createLaneConsumer,
  createLaneLeases,
  type LaneAges,
  type LaneLeasesPorts,
  measureLanes,
} from '@sluice/lane-consumer';
import type { Lease } from '@sluice/lease';
import type { LaneReceiver } from '@sluice/queue';
import type { EgressEvent, EmitFromEgress, Tracing } from '@sluice/telemetry';
import { fromPromise } from 'xstate';
import type { Ordering } from '../egress-writer/record-scheduler.ts';
import { EgressLaneWork } from '../lane-consumer/lane-work.ts';
import type { DataPlane } from './data-plane.ts';
import { type EgressReport, egressDelays, egressMachine } from './egress.machine.ts';
import type { OpenedWriter } from './lane-writer.ts';

/** What an egress is, whatever its records are written to. */
export interface LaneEgress {
  readonly id: string;
  readonly lanes: number;
  readonly ordering: Ordering;
  /** For all jobs in hand. */
  readonly budget: Weight;
  /** How long a lane rests whose retries are spent, milliseconds; a second at least. */
  readonly blockMs: number;
}

export interface EgressPorts extends LaneLeasesPorts {
  /** Finds what the records go to. Rejects with what an operator must cure, or may be waited for. */
  readonly openWriter: (signal: AbortSignal) => Promise<OpenedWriter>;
  /** Notes the number of lanes at first use. Rejects when another number was noted. */
  readonly noteLanes: () => Promise<void>;
  readonly openReceiver: (lane: number, lease: Lease) => LaneReceiver;
  /** Counts a lane anew. */
  readonly auditLane: (lane: number) => Promise<unknown>;
  /** What waits and is in hand in all lanes, also those of other workers. */
  readonly measureLanes: () => Promise<Backlog>;
  /** How old the lanes are that this worker holds. */
  readonly measureAges: () => Promise<LaneAges>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** With the egress among its facts. */
  readonly logger: Logger;
  readonly tracing?: Tracing | undefined;
  readonly emit: EmitFromEgress;
}

/** Logic of one egress: it answers `shutdown.requested`, is tagged `ready` while it delivers, and ends with an `EgressOutput`. */
export type EgressLogic = ReturnType<typeof createEgress>;

/** What the queue makes of a batch, at most; larger where one record alone is. */
const EXPECTED_JOB = { bytes: 1024 * 1024 + 500 * RECORD_OVERHEAD_BYTES, records: 500 };
/** Least rest of a lane whose budget is spent. */
const LEAST_BLOCK_MS = 1_000;

export const createEgress = (egress: LaneEgress, ports: EgressPorts) =>
  egressMachine.provide({
    actors: {
      openStream: fromPromise<DataPlane>(async ({ signal }) => {
        await ports.noteLanes();
        return openDataPlane(egress, await ports.openWriter(signal), ports);
      }),
      leases: createLaneLeases(ports),
      measureLanes: fromPromise<void>(({ signal }) =>
        measureLanes(
          {
            ...ports,
            report: (backlog) => ports.emit({ type: 'lane.measured', ...backlog }),
            reportAge: (lane, ageMs) => ports.emit(toAgeEvent(String(lane), ageMs)),
          },
          signal,
        ),
      ),
      laneConsumer: createLaneConsumer(ports.random),
    },
    delays: egressDelays(ports.random),
    actions: {
      report: (_, report) => ports.emit(toTelemetry(report)),
    },
  });

function openDataPlane(egress: LaneEgress, { writer, close }: OpenedWriter, ports: EgressPorts): DataPlane {
  const budget = new WeightedBudget(egress.budget);
  const blockMs = Math.max(LEAST_BLOCK_MS, egress.blockMs);
  const openLane = (lane: number, lease: Lease) => {
    const receiver = ports.openReceiver(lane, lease);
    const audit = () => ports.auditLane(lane);
    return {
      lane,
      blockMs,
      work: new EgressLaneWork({ ...ports, target: egress.id, lane, lease, receiver, audit, writer, budget, expectedJob: EXPECTED_JOB }),
    };
  };
  const run: DataPlane['writer']['run'] = (report) => {
    const stop = writer.run(report);
    return () => {
      stop();
      close();
    };
  };
  return { writer: { run }, openLane };
}

const toAgeEvent = (lane: string, ageMs: number | undefined): EgressEvent =>
  ageMs === undefined ? { type: 'lane.ageEnded', lane } : { type: 'lane.aged', lane, seconds: ageMs / 1_000 };

function toTelemetry(report: EgressReport): EgressEvent {
  if (!('error' in report)) return report;
  const { code, message: reason } = toErrorReport(report.error);
  return report.type === 'egress.waiting'
    ? { type: report.type, code, reason, attempt: report.attempt }
    : { type: report.type, code, reason };
}
