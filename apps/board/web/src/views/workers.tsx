import type { Overview, WorkerOverview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { bytesText, countText, durationText, latencyText, shareText } from '../model/format.ts';
import { compareLevels } from '../model/level.ts';
import { LOOP_DELAY_MS, levelOf } from '../model/limits.ts';
import { workerStatus } from '../model/writer-status.ts';
import { hrefs } from '../routing/route.ts';

export const WorkersView = ({ overview }: { readonly overview: Overview }) => (
  <Page title="Workers" note="Each reports of itself every few seconds; one that stops reporting leaves the list.">
    <WorkersTable overview={overview} />
  </Page>
);

export function WorkersTable({ overview, pageSize = 50 }: { readonly overview: Overview; readonly pageSize?: number }) {
  const rows = overview.workers.toSorted((a, b) => compareLevels(workerStatus(a).level, workerStatus(b).level));
  return (
    <DataTable
      caption="Workers"
      columns={columnsOf(overview.atMs)}
      rows={rows}
      keyOf={({ workerId }) => workerId}
      textOf={({ workerId, app, host, release }) => `${workerId} ${app} ${host} ${release}`}
      empty="No worker runs."
      pageSize={pageSize}
    />
  );
}

const columnsOf = (now: number): Column<WorkerOverview>[] => [
  { title: 'Worker', cell: ({ workerId }) => <a href={hrefs.worker(workerId)}>{workerId}</a>, sortBy: ({ workerId }) => workerId },
  {
    title: 'State',
    cell: (worker) => {
      const status = workerStatus(worker);
      return (
        <>
          <Badge status={status} />
          {status.reason && <span class="cell-reason">{status.reason}</span>}
        </>
      );
    },
    sortBy: (worker) => workerStatus(worker).word,
  },
  {
    title: 'Holds',
    cell: ({ shards, lanes }) =>
      [shards > 0 && `${countText(shards)} shards`, lanes > 0 && `${countText(lanes)} lanes`].filter(Boolean).join(', ') || '–',
    sortBy: ({ shards, lanes }) => shards + lanes,
    align: 'right',
  },
  { title: 'CPU', cell: ({ process }) => shareText(process.cpuShare), sortBy: ({ process }) => process.cpuShare, align: 'right' },
  {
    title: 'Memory',
    cell: ({ process }) => bytesText(process.rssBytes),
    sortBy: ({ process }) => process.rssBytes,
    align: 'right',
    isSecondary: true,
  },
  {
    title: 'Loop delay',
    cell: ({ process }) => (
      <span class={`level-${levelOf(process.eventLoopDelayMs, LOOP_DELAY_MS)}`}>{latencyText(process.eventLoopDelayMs)}</span>
    ),
    sortBy: ({ process }) => process.eventLoopDelayMs,
    align: 'right',
    isSecondary: true,
  },
  { title: 'Host', cell: ({ host }) => host, sortBy: ({ host }) => host, isSecondary: true },
  { title: 'Release', cell: ({ release }) => release, sortBy: ({ release }) => release, isSecondary: true },
  {
    title: 'Up',
    cell: ({ startedAtMs }) => durationText(Math.max(0, now - startedAtMs)),
    sortBy: ({ startedAtMs }) => -startedAtMs,
    align: 'right',
    isSecondary: true,
  },
];
