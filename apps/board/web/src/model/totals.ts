import type { Overview, TargetOverview } from '../api/types.ts';

export interface Totals {
  readonly recordsIn: number;
  readonly bytesIn: number;
  readonly recordsOut: number;
  readonly bytesOut: number;
  readonly invocations: number;
  /** Seconds; `null` where no shard is being read. */
  readonly lag: number | null;
  /** Records in lanes. */
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly deadLetters: number;
  readonly parked: number;
  readonly delayed: number;
}

export function totalsOf({ streams, targets }: Overview): Totals {
  const lags = streams.flatMap(({ lagMaxSeconds }) => lagMaxSeconds ?? []);
  const figures = targets.map(targetFigures);
  return {
    recordsIn: sum(streams, (stream) => stream.recordsPerSecond),
    bytesIn: sum(streams, (stream) => stream.bytesPerSecond),
    recordsOut: sum(figures, (each) => each.recordsOut),
    bytesOut: sum(figures, (each) => each.bytesOut),
    invocations: sum(figures, (each) => each.invocations),
    lag: lags.length === 0 ? null : Math.max(...lags),
    waiting: sum(figures, (each) => each.records),
    waitingBytes: sum(figures, (each) => each.bytes),
    deadLetters: sum(targets, (target) => target.deadLetters),
    parked: sum(targets, (target) => target.parked),
    delayed: sum(targets, (target) => target.delayed),
  };
}

export interface TargetFigures {
  readonly recordsOut: number;
  readonly bytesOut: number;
  readonly requests: number;
  readonly failed: number;
  readonly throttled: number;
  readonly invocations: number;
  readonly records: number;
  readonly bytes: number;
  readonly jobs: number;
  /** Age of the first job of the oldest lane, milliseconds; `null` where all are empty. */
  readonly oldestMs: number | null;
  readonly blocked: number;
}

export function targetFigures({ lanes, writers }: TargetOverview): TargetFigures {
  const egresses = writers.filter((writer) => writer.kind === 'egress');
  const functions = writers.filter((writer) => writer.kind === 'function');
  const ages = lanes.flatMap(({ oldestMs }) => oldestMs ?? []);
  return {
    recordsOut: sum(egresses, (writer) => writer.recordsPerSecond),
    bytesOut: sum(egresses, (writer) => writer.bytesPerSecond),
    requests: sum(egresses, (writer) => writer.requestsPerSecond),
    failed: sum(writers, (writer) => writer.failedPerSecond),
    throttled: sum(egresses, (writer) => writer.throttledPerSecond),
    invocations: sum(functions, (writer) => writer.invocationsPerSecond),
    records: sum(lanes, (lane) => lane.records),
    bytes: sum(lanes, (lane) => lane.bytes),
    jobs: sum(lanes, (lane) => lane.jobs),
    oldestMs: ages.length === 0 ? null : Math.max(...ages),
    blocked: lanes.filter((lane) => lane.blockedForMs > 0).length,
  };
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number => items.reduce((total, item) => total + value(item), 0);
