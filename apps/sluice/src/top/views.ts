import type { Mailbox } from '@sluice/operator';
import type { DeadLetterSummary } from '@sluice/queue';
import type { LaneOverview, ShardOverview, WorkerOverview, WriterOverview } from '@sluice/status';
import { deadLetterColumns } from '../operator/dead-letter-text.ts';
import { mailboxColumns } from '../operator/functions-text.ts';
import { isIdle, LANE_COLUMNS } from '../operator/lanes-text.ts';
import { SHARD_COLUMNS } from '../operator/shards-text.ts';
import { failuresOf, WRITER_COLUMNS, workerColumns, writersOf } from '../operator/workers-text.ts';
import { defineView, type View } from './view.ts';

type ShardRow = ShardOverview & { readonly source: string };
type LaneRow = LaneOverview & { readonly target: string };

const shards = defineView<ShardRow>({
  title: 'shards',
  nothing: 'no stream has been read yet',
  rows: ({ overview }) => overview.streams.flatMap(({ source, shards: ofSource }) => ofSource.map((shard) => ({ ...shard, source }))),
  columns: () => [{ title: 'source', value: ({ source }) => source, least: 10 }, ...SHARD_COLUMNS],
  sorts: [
    { title: 'lag', key: ({ lagSeconds }) => lagSeconds ?? -1 },
    { title: 'records/s', key: ({ recordsPerSecond }) => recordsPerSecond },
    { title: 'shard', key: ({ source, shardId }) => `${source} ${shardId}` },
    { title: 'owner', key: ({ owner }) => owner ?? '' },
    { title: 'state', key: ({ state }) => state },
  ],
  style: ({ state }) =>
    state === 'failing' ? 'bad' : state === 'paused' || state === 'free' ? 'warning' : state === 'reading' ? 'plain' : 'muted',
  isQuiet: ({ state }) => state === 'ended',
});

const lanes = defineView<LaneRow>({
  title: 'lanes',
  nothing: 'nothing waits in any lane',
  rows: ({ overview }) => overview.targets.flatMap(({ target, lanes: ofTarget }) => ofTarget.map((lane) => ({ ...lane, target }))),
  columns: () => [{ title: 'target', value: ({ target }) => target, least: 10 }, ...LANE_COLUMNS],
  sorts: [
    { title: 'oldest', key: ({ oldestMs }) => oldestMs ?? -1 },
    { title: 'records', key: ({ records }) => records },
    { title: 'bytes', key: ({ bytes }) => bytes },
    { title: 'lane', key: ({ target, lane }) => `${target} ${lane}` },
    { title: 'owner', key: ({ owner }) => owner ?? '' },
  ],
  style: (lane) => (lane.blockedForMs > 0 ? 'bad' : isIdle(lane) ? 'muted' : lane.owner === null ? 'warning' : 'plain'),
  isQuiet: isIdle,
});

const writers = defineView<WriterOverview>({
  title: 'writers',
  nothing: 'no worker writes or calls functions',
  rows: ({ overview }) => writersOf(overview.targets),
  columns: () => WRITER_COLUMNS,
  sorts: [
    { title: 'records/s', key: (writer) => (writer.kind === 'egress' ? writer.recordsPerSecond : writer.messagesPerSecond) },
    { title: 'mean', key: ({ requestMs }) => requestMs },
    { title: 'failed/s', key: ({ failedPerSecond }) => failedPerSecond },
    { title: 'target', key: (writer) => `${writer.kind === 'egress' ? writer.egress : writer.type} ${writer.worker}` },
    { title: 'worker', key: ({ worker }) => worker },
  ],
  style: (writer) =>
    writer.state === 'failing' ? 'bad' : writer.state === 'waiting' || failuresOf(writer).length > 0 ? 'warning' : 'plain',
});

const workers = defineView<WorkerOverview>({
  title: 'workers',
  nothing: 'no worker reports',
  rows: ({ overview }) => overview.workers,
  columns: workerColumns,
  sorts: [
    { title: 'worker', key: ({ app, workerId }) => `${app} ${workerId}` },
    { title: 'core', key: ({ process }) => process.cpuShare },
    { title: 'memory', key: ({ process }) => process.rssBytes },
    { title: 'loop', key: ({ process }) => process.eventLoopDelayMs },
    { title: 'not ready', key: ({ ready }) => (ready ? 0 : 1) },
  ],
  style: ({ ready }) => (ready ? 'plain' : 'bad'),
});

const functions = defineView<Mailbox>({
  title: 'functions',
  nothing: 'no address is parked',
  rows: ({ mailboxes }) => mailboxes,
  columns: mailboxColumns,
  sorts: [
    { title: 'parked for', key: ({ parking }) => (parking ? -parking.since : Number.NEGATIVE_INFINITY) },
    { title: 'messages', key: ({ records }) => records },
    { title: 'failed', key: ({ parking }) => parking?.attempts ?? 0 },
    { title: 'address', key: ({ type, id }) => `${type} ${id}` },
  ],
  style: ({ parking }) => (parking ? 'warning' : 'plain'),
});

const deadLetters = defineView<DeadLetterSummary>({
  title: 'dead letters',
  nothing: 'no dead letters',
  rows: ({ letters }) => letters,
  columns: (nowMs) => {
    const [id, ...others] = deadLetterColumns(nowMs);
    return [id!, { title: 'target', value: ({ target }) => target, least: 10 }, ...others];
  },
  sorts: [
    { title: 'newest', key: ({ rejectedAtMs }) => rejectedAtMs },
    { title: 'reason', key: ({ reason }) => reason.code },
    { title: 'target', key: ({ target }) => target },
    { title: 'key', key: ({ partitionKey }) => partitionKey },
  ],
  style: () => 'plain',
});

export const VIEWS: readonly View[] = [shards, lanes, writers, workers, functions, deadLetters];
export const FUNCTIONS_VIEW = VIEWS.indexOf(functions);
export const DEAD_LETTERS_VIEW = VIEWS.indexOf(deadLetters);
