import type { Overview, StreamOverview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { bytesText, countText, rateText, secondsText } from '../model/format.ts';
import { compareLevels } from '../model/level.ts';
import { LAG_SECONDS, levelOf } from '../model/limits.ts';
import { streamStatus } from '../model/stream-status.ts';
import { hrefs } from '../routing/route.ts';

const COLUMNS: readonly Column<StreamOverview>[] = [
  { title: 'Stream', cell: ({ source, stream }) => <a href={hrefs.stream(source)}>{stream}</a>, sortBy: ({ stream }) => stream },
  { title: 'Ingress', cell: ({ ingress }) => ingress, sortBy: ({ ingress }) => ingress, isSecondary: true },
  { title: 'State', cell: (stream) => <Badge status={streamStatus(stream)} /> },
  {
    title: 'Shards',
    cell: ({ shards }) => countText(shards.length),
    sortBy: ({ shards }) => shards.length,
    align: 'right',
    isSecondary: true,
  },
  {
    title: 'Lag',
    cell: ({ lagMaxSeconds }) => (
      <span class={`level-${levelOf(lagMaxSeconds, LAG_SECONDS)}`}>{lagMaxSeconds === null ? '–' : secondsText(lagMaxSeconds)}</span>
    ),
    sortBy: ({ lagMaxSeconds }) => lagMaxSeconds,
    align: 'right',
  },
  {
    title: 'Records/s',
    cell: ({ recordsPerSecond }) => rateText(recordsPerSecond),
    sortBy: ({ recordsPerSecond }) => recordsPerSecond,
    align: 'right',
  },
  {
    title: 'Bytes/s',
    cell: ({ bytesPerSecond }) => bytesText(bytesPerSecond),
    sortBy: ({ bytesPerSecond }) => bytesPerSecond,
    align: 'right',
    isSecondary: true,
  },
];

export function StreamsView({ overview }: { readonly overview: Overview }) {
  const rows = overview.streams.toSorted((a, b) => compareLevels(streamStatus(a).level, streamStatus(b).level));
  return (
    <Page title="Streams" note="Every stream that an ingress of this installation reads.">
      <DataTable
        caption="Streams"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ source }) => source}
        textOf={({ source }) => source}
        empty="No stream has been read yet."
      />
    </Page>
  );
}
