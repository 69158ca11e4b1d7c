import { ActionButton } from '../actions/action-button.tsx';
import { offerForget, offerPause, offerResume, offerRewind } from '../actions/offers.ts';
import type { Overview, ShardOverview, StreamOverview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Notice, Page, Section } from '../components/page.tsx';
import { bytesText, countText, rateText, secondsText, shardText, shorten, timeText } from '../model/format.ts';
import { LAG_SECONDS, levelOf } from '../model/limits.ts';
import { byTrouble, shardStatus } from '../model/shard-status.ts';
import { streamStatus } from '../model/stream-status.ts';
import { hrefs } from '../routing/route.ts';
import { HistoryCharts } from './history-charts.tsx';
import { ShardGrid } from './shard-grid.tsx';

const TRAIL = [{ title: 'Streams', href: hrefs.streams }];

export function StreamView({ overview, source }: { readonly overview: Overview; readonly source: string }) {
  const stream = overview.streams.find((each) => each.source === source);
  if (!stream) {
    return (
      <Page title={source} trail={TRAIL}>
        <Notice title="No ingress reads this stream">It may have been forgotten, or never read with this Redis.</Notice>
      </Page>
    );
  }
  const { ingress, stream: name, arn, paused, shards, lagMaxSeconds } = stream;
  const rows = shards.toSorted(byTrouble(stream));
  const note = paused ? `Paused by ${paused.by} at ${timeText(paused.atMs)}${paused.reason ? `: ${paused.reason}` : ''}` : arn;
  return (
    <Page
      title={name}
      trail={TRAIL}
      status={streamStatus(stream)}
      note={`Ingress ${ingress} · ${note}`}
      actions={<Actions stream={stream} />}
    >
      <Figures>
        <Figure label="Read" value={rateText(stream.recordsPerSecond)} unit="records/s" note={`${bytesText(stream.bytesPerSecond)}/s`} />
        <Figure
          label="Lag"
          value={lagMaxSeconds === null ? '–' : secondsText(lagMaxSeconds)}
          level={levelOf(lagMaxSeconds, LAG_SECONDS)}
          note="of the slowest shard"
        />
        <Figure
          label="Lag in all"
          value={stream.lagSumSeconds === null ? '–' : secondsText(stream.lagSumSeconds)}
          note="summed over the shards"
        />
        <Figure
          label="Shards"
          value={countText(shards.length)}
          note={`${countText(shards.filter(({ state }) => state === 'reading').length)} being read`}
        />
      </Figures>
      <Section title="Shards" note="The stronger the colour, the more is read. A mark says what is the matter.">
        <ShardGrid stream={stream} size={shards.length > 400 ? 'medium' : 'large'} />
        <DataTable
          caption={`Shards of ${source}`}
          columns={columnsOf(stream)}
          rows={rows}
          keyOf={({ shardId }) => shardId}
          textOf={(shard) => textOf(shard, stream)}
          empty="It has no shards yet."
        />
      </Section>
      <Section title="The last hour">
        <HistoryCharts source={source} />
      </Section>
    </Page>
  );
}

const Actions = ({ stream: { ingress, stream, paused } }: { readonly stream: StreamOverview }) => (
  <>
    <ActionButton offer={paused ? offerResume('ingress', ingress) : offerPause('ingress', ingress)} />
    <ActionButton offer={offerRewind(ingress, stream)} text="Rewind…" />
    <ActionButton offer={offerForget(ingress, stream)} text="Forget…" />
  </>
);

const textOf = (shard: ShardOverview, stream: StreamOverview): string =>
  `${shard.shardId} ${shardStatus(shard, stream).word} ${shard.owner ?? 'nobody'} ${shard.reason ?? ''}`;

const columnsOf = (stream: StreamOverview): Column<ShardOverview>[] => [
  {
    title: 'Shard',
    cell: ({ shardId }) => <a href={hrefs.shard(stream.source, shardId)}>{shardText(shardId)}</a>,
    sortBy: ({ shardId }) => shardId,
  },
  { title: 'State', cell: (shard) => <Badge status={shardStatus(shard, stream)} />, sortBy: (shard) => shardStatus(shard, stream).word },
  {
    title: 'Owner',
    cell: ({ owner }) => (owner === null ? <span class="muted">nobody</span> : <a href={hrefs.worker(owner)}>{owner}</a>),
    sortBy: ({ owner }) => owner,
    isSecondary: true,
  },
  {
    title: 'Lag',
    cell: ({ lagSeconds }) => (
      <span class={`level-${levelOf(lagSeconds, LAG_SECONDS)}`}>{lagSeconds === null ? '–' : secondsText(lagSeconds)}</span>
    ),
    sortBy: ({ lagSeconds }) => lagSeconds,
    align: 'right',
  },
  {
    title: 'Records/s',
    cell: ({ recordsPerSecond }) => rateText(recordsPerSecond),
    sortBy: ({ recordsPerSecond }) => recordsPerSecond,
    align: 'right',
  },
  { title: 'Checkpoint', cell: ({ checkpoint }) => <code title={checkpoint}>{shorten(checkpoint, 20)}</code>, isSecondary: true },
];
