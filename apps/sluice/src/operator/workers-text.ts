import { plural } from '@sluice/core';
import type { Overview, TargetOverview, WorkerOverview, WriterOverview } from '@sluice/status';
import { bytesText, countText, durationText, rateText } from '../terminal/quantities.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { failureText, type Reason, reasonLines } from './reason-lines.ts';

export const workerColumns = (nowMs: number): readonly Column<WorkerOverview>[] => [
  { title: 'worker', value: ({ workerId }) => workerId, least: 10 },
  { title: 'program', value: ({ app }) => app },
  { title: 'state', value: ({ ready, state }) => (ready ? 'ready' : state === 'running' ? 'not ready' : state) },
  { title: 'shards', value: ({ app, shards }) => (app === 'ingress-worker' ? String(shards) : '-'), align: 'right' },
  { title: 'lanes', value: ({ app, lanes }) => (app === 'ingress-worker' ? '-' : String(lanes)), align: 'right' },
  { title: 'core', value: ({ process }) => `${Math.round(process.cpuShare * 100)} %`, align: 'right' },
  { title: 'memory', value: ({ process }) => bytesText(process.rssBytes), align: 'right' },
  { title: 'loop', value: ({ process }) => `${Math.round(process.eventLoopDelayMs)} ms`, align: 'right' },
  // Both times are the worker's.
  { title: 'up', value: ({ startedAtMs, atMs }) => durationText(atMs - startedAtMs), align: 'right' },
  { title: 'release', value: ({ release }) => release, spare: 1 },
  { title: 'where', value: ({ host, pid, operationsUrl }) => `${host} ${pid} ${operationsUrl}`, ...{ least: 30, spare: 2 } },
  { title: 'report', value: ({ atMs }) => `${durationText(Math.max(0, nowMs - atMs))} ago`, align: 'right', spare: 3 },
];

export const WRITER_COLUMNS: readonly Column<WriterOverview>[] = [
  { title: 'target', value: (writer) => (writer.kind === 'egress' ? writer.egress : writer.type), least: 12 },
  { title: 'worker', value: ({ worker }) => worker, least: 10 },
  {
    title: 'records/s',
    value: (writer) => rateText(writer.kind === 'egress' ? writer.recordsPerSecond : writer.messagesPerSecond),
    align: 'right',
  },
  { title: 'bytes/s', value: (writer) => (writer.kind === 'egress' ? bytesText(writer.bytesPerSecond) : '-'), align: 'right', spare: 2 },
  {
    title: 'requests/s',
    value: (writer) => rateText(writer.kind === 'egress' ? writer.requestsPerSecond : writer.invocationsPerSecond),
    align: 'right',
  },
  { title: 'mean', value: ({ requestMs }) => (requestMs === 0 ? '-' : `${Math.round(requestMs)} ms`), align: 'right' },
  { title: 'failed/s', value: ({ failedPerSecond }) => rateText(failedPerSecond), align: 'right' },
  {
    title: 'throttled/s',
    value: (writer) => (writer.kind === 'egress' ? rateText(writer.throttledPerSecond) : '-'),
    ...{ align: 'right', spare: 1 },
  },
  { title: 'state', value: (writer) => (writer.state === 'writing' && failuresOf(writer).length > 0 ? 'impaired' : writer.state) },
];

export const writersOf = (targets: readonly TargetOverview[]): WriterOverview[] => targets.flatMap(({ writers }) => writers);

/** Who works, how fast, and why some are not ready. */
export function renderWorkers({ workers, targets, atMs }: Overview, width: number): string {
  if (workers.length === 0) return 'no worker reports to this Redis; one that runs does so every five seconds\n';
  const ready = workers.filter((worker) => worker.ready).length;
  const writers = writersOf(targets);
  const lines = [
    `${plural(workers.length, 'worker')}, ${ready === workers.length ? 'all ready' : `${ready} ready`}`,
    ...tableLines(workerColumns(atMs), workers, width),
    ...reasonLines([...unready(workers), ...unsent(workers, targets)], width),
    ...(writers.length > 0 ? writerLines(writers, width) : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const writerLines = (writers: readonly WriterOverview[], width: number): string[] => [
  '',
  'what they write, and the functions that they call',
  ...tableLines(WRITER_COLUMNS, writers, width),
  ...reasonLines(failures(writers), width),
];

const unready = (workers: readonly WorkerOverview[]) =>
  workers.flatMap(({ workerId, ready, reasons }) => (ready ? [] : reasons.map((reason) => ({ of: `${workerId} is not ready`, reason }))));

const unsent = (workers: readonly WorkerOverview[], targets: readonly TargetOverview[]) => {
  const waiting = targets.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  return workers.flatMap(({ deadLetterOutput }) =>
    deadLetterOutput ? [{ of: 'dead letters', reason: `${countText(waiting)} not sent on ${failureText(deadLetterOutput)}` }] : [],
  );
};

const failures = (writers: readonly WriterOverview[]) => writers.flatMap(failuresOf);

/** Why its requests fail, and why too large records wait. */
export function failuresOf(writer: WriterOverview): Reason[] {
  const { worker, code, reason = '' } = writer;
  const ofRequests = code === undefined ? [] : [{ of: worker, reason: `${reason} (${code})` }];
  if (writer.kind === 'function' || !writer.offloading) return ofRequests;
  const { records = 0 } = writer.offloading;
  return [...ofRequests, { of: writer.egress, reason: `${plural(records, 'too large record')} waiting ${failureText(writer.offloading)}` }];
}
