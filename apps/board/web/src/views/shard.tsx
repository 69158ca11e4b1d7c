import { ActionButton } from '../actions/action-button.tsx';
import { offerMove, offerRewind } from '../actions/offers.ts';
import type { Overview, ShardOverview, StreamOverview } from '../api/types.ts';
import { Facts } from '../components/facts.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Notice, Page, Section } from '../components/page.tsx';
import { bytesText, countText, rateText, secondsText, shardText } from '../model/format.ts';
import { LAG_SECONDS, levelOf } from '../model/limits.ts';
import { shardStatus } from '../model/shard-status.ts';
import { hrefs } from '../routing/route.ts';

export interface ShardViewProps {
  readonly overview: Overview;
  readonly source: string;
  readonly shard: string;
}

export function ShardView({ overview, source, shard: shardId }: ShardViewProps) {
  const stream = overview.streams.find((each) => each.source === source);
  const shard = stream?.shards.find((each) => each.shardId === shardId);
  const trail = [
    { title: 'Streams', href: hrefs.streams },
    { title: stream?.stream ?? source, href: hrefs.stream(source) },
  ];
  if (!stream || !shard) {
    return (
      <Page title={`Shard ${shardText(shardId)}`} trail={trail}>
        <Notice title="This shard is not there">It may have been read to its end and pruned.</Notice>
      </Page>
    );
  }
  const others = overview.workers
    .filter(({ app, workerId }) => app === 'ingress-worker' && workerId !== shard.owner)
    .map(({ workerId }) => workerId);
  const actions = (
    <>
      <ActionButton
        offer={offerMove('shard', `${source}/${shardId}`, `shard ${shardText(shardId)}`, others)}
        text="Move…"
        obstacle={others.length === 0 ? 'No other worker could take it' : undefined}
      />
      <ActionButton offer={offerRewind(stream.ingress, stream.stream, shardId)} text="Rewind…" />
    </>
  );
  const status = shardStatus(shard, stream);
  return (
    <Page title={`Shard ${shardText(shardId)}`} trail={trail} status={status} note={status.reason} actions={actions}>
      <Figures>
        <Figure label="Read" value={rateText(shard.recordsPerSecond)} unit="records/s" note={`${bytesText(shard.bytesPerSecond)}/s`} />
        <Figure
          label="Lag"
          value={shard.lagSeconds === null ? '–' : secondsText(shard.lagSeconds)}
          level={levelOf(shard.lagSeconds, LAG_SECONDS)}
          note="behind its newest record"
        />
        <Figure label="Leased" value={countText(shard.leases)} unit="times" note="each time an owner took it" />
      </Figures>
      <Section title="Details">
        <Facts facts={factsOf(stream, shard)} />
      </Section>
    </Page>
  );
}

const factsOf = (stream: StreamOverview, shard: ShardOverview): Parameters<typeof Facts>[0]['facts'] => [
  ['Shard', <code>{shard.shardId}</code>],
  ['Stream', <code>{stream.arn || stream.stream}</code>],
  ['Owner', shard.owner === null ? 'nobody' : <a href={hrefs.worker(shard.owner)}>{shard.owner}</a>],
  ['Checkpoint', <code>{shard.checkpoint}</code>],
  ['Started at', <code>{shard.startedAt}</code>],
  ['Parents', shard.parents.length === 0 ? 'none' : <ShardLinks source={stream.source} shards={shard.parents} />],
  [
    'Children',
    <ShardLinks
      source={stream.source}
      shards={stream.shards.filter(({ parents }) => parents.includes(shard.shardId)).map(({ shardId }) => shardId)}
    />,
  ],
  ['Fails with', shard.code && <code>{shard.code}</code>],
];

const ShardLinks = ({ source, shards }: { readonly source: string; readonly shards: readonly string[] }) =>
  shards.length === 0 ? (
    <span>none</span>
  ) : (
    <ul class="inline-list">
      {shards.map((shard) => (
        <li key={shard}>
          <a href={hrefs.shard(source, shard)}>{shardText(shard)}</a>
        </li>
      ))}
    </ul>
  );
