import type { TargetOverview, WriterOverview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { bytesText, countText, latencyText, rateText } from '../model/format.ts';
import { compareLevels } from '../model/level.ts';
import { writerStatus } from '../model/writer-status.ts';
import { hrefs } from '../routing/route.ts';

type Egress = Extract<WriterOverview, { kind: 'egress' }>;
type Served = Extract<WriterOverview, { kind: 'function' }>;

const common: readonly Column<WriterOverview>[] = [
  { title: 'Worker', cell: ({ worker }) => <a href={hrefs.worker(worker)}>{worker}</a>, sortBy: ({ worker }) => worker },
  {
    title: 'State',
    cell: (writer) => {
      const status = writerStatus(writer);
      return (
        <>
          <Badge status={status} />
          {status.reason && <span class="cell-reason">{status.reason}</span>}
        </>
      );
    },
  },
];

const EGRESS: readonly Column<Egress>[] = [
  { title: 'Records/s', cell: (writer) => rateText(writer.recordsPerSecond), align: 'right' },
  { title: 'Bytes/s', cell: (writer) => bytesText(writer.bytesPerSecond), align: 'right', isSecondary: true },
  { title: 'Requests/s', cell: (writer) => rateText(writer.requestsPerSecond), align: 'right', isSecondary: true },
  { title: 'Request', cell: (writer) => (writer.requestMs > 0 ? latencyText(writer.requestMs) : '–'), align: 'right' },
  { title: 'Tried again/s', cell: (writer) => rateText(writer.failedPerSecond), align: 'right', isSecondary: true },
  { title: 'Throttled/s', cell: (writer) => rateText(writer.throttledPerSecond), align: 'right', isSecondary: true },
];

const FUNCTION: readonly Column<Served>[] = [
  { title: 'Calls/s', cell: (writer) => rateText(writer.invocationsPerSecond), align: 'right' },
  { title: 'Messages/s', cell: (writer) => rateText(writer.messagesPerSecond), align: 'right', isSecondary: true },
  { title: 'Call', cell: (writer) => (writer.requestMs > 0 ? latencyText(writer.requestMs) : '–'), align: 'right' },
  { title: 'In flight', cell: (writer) => countText(writer.inFlight), align: 'right', isSecondary: true },
  { title: 'Failed/s', cell: (writer) => rateText(writer.failedPerSecond), align: 'right', isSecondary: true },
  { title: 'Parked', cell: (writer) => countText(writer.parked), align: 'right', isSecondary: true },
];

/** Who writes to an egress, or serves a function, and how it goes. */
export function WritersTable({ target }: { readonly target: TargetOverview }) {
  const rows = target.writers.toSorted((a, b) => compareLevels(writerStatus(a).level, writerStatus(b).level));
  const figures = (target.kind === 'function' ? FUNCTION : EGRESS) as unknown as readonly Column<WriterOverview>[];
  return (
    <DataTable
      caption={`Workers of ${target.target}`}
      columns={[...common, ...figures]}
      rows={rows}
      keyOf={({ worker }) => worker}
      textOf={({ worker }) => worker}
      empty="No worker serves it. What comes waits in the lanes."
    />
  );
}
