import type { Overview, WorkerReport } from '../api/types.ts';
import { ActorTree } from '../components/actor-tree.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Facts } from '../components/facts.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Missing } from '../components/missing.tsx';
import { Notice, Page, Section } from '../components/page.tsx';
import { nowMs } from '../live/live.ts';
import { useAnswer } from '../live/use-answer.ts';
import { bytesText, countText, durationText, latencyText, rateText, secondsText, shardText, shareText, timeText } from '../model/format.ts';
import { LAG_SECONDS, LOOP_DELAY_MS, levelOf } from '../model/limits.ts';
import { workerStatus } from '../model/writer-status.ts';
import { hrefs } from '../routing/route.ts';

const TRAIL = [{ title: 'Workers', href: hrefs.workers }];

export function WorkerView({ overview, worker: id }: { readonly overview: Overview; readonly worker: string }) {
  const answer = useAnswer<WorkerReport>(`api/workers/${encodeURIComponent(id)}`, 1_000);
  const known = overview.workers.find(({ workerId }) => workerId === id);
  const report = answer.value;
  if (!report) {
    return (
      <Page title={id} trail={TRAIL}>
        <Missing answer={answer} what="This worker" />
      </Page>
    );
  }
  const status = known ? workerStatus(known) : { level: 'note' as const, word: 'no longer reports' };
  const { process, actors } = report;
  return (
    <Page title={id} trail={TRAIL} status={status} note={status.reason ?? report.app}>
      <Figures>
        <Figure label="CPU" value={shareText(process.cpuShare)} note="of one core" />
        <Figure label="Memory" value={bytesText(process.rssBytes)} note={`${bytesText(process.heapUsedBytes)} heap`} />
        <Figure
          label="Loop delay"
          value={latencyText(process.eventLoopDelayMs)}
          level={levelOf(process.eventLoopDelayMs, LOOP_DELAY_MS)}
          note="99th percentile"
        />
        <Figure
          label="Up"
          value={durationText(Math.max(0, nowMs.value - report.startedAtMs))}
          note={`since ${timeText(report.startedAtMs)}`}
        />
      </Figures>
      <Section title="Details">
        <Facts facts={factsOf(report, known)} />
      </Section>
      {report.shards.length > 0 && (
        <Section title="Shards">
          <DataTable
            caption={`Shards that ${id} reads`}
            columns={SHARDS}
            rows={report.shards}
            keyOf={({ source, shard }) => `${source} ${shard}`}
            textOf={({ source, shard, state }) => `${source} ${shard} ${state}`}
            empty=""
          />
        </Section>
      )}
      {report.egresses.length > 0 && (
        <Section title="Egresses">
          <DataTable
            caption={`Egresses that ${id} writes to`}
            columns={EGRESSES}
            rows={report.egresses}
            keyOf={({ egress }) => egress}
            empty=""
          />
        </Section>
      )}
      {report.functions.length > 0 && (
        <Section title="Functions">
          <DataTable
            caption={`Functions that ${id} serves`}
            columns={FUNCTIONS}
            rows={report.functions}
            keyOf={({ type }) => type}
            empty=""
          />
        </Section>
      )}
      <Section title="Actors" note="What runs in it, in which state, and since when.">
        {actors ? (
          <ActorTree root={actors} now={nowMs.value} />
        ) : (
          <Notice title="Loading…">Workers report their actors while somebody looks.</Notice>
        )}
      </Section>
    </Page>
  );
}

const factsOf = (report: WorkerReport, known: Overview['workers'][number] | undefined): Parameters<typeof Facts>[0]['facts'] => [
  ['Kind', report.app],
  ['Release', report.release],
  ['Host', `${report.host}, process ${report.pid}`],
  ['Operations', report.operationsUrl],
  [
    'Holds',
    known &&
      ([known.shards > 0 && `${countText(known.shards)} shards`, known.lanes > 0 && `${countText(known.lanes)} lanes`]
        .filter(Boolean)
        .join(', ') ||
        'nothing'),
  ],
  ['Last report', timeText(report.atMs)],
];

type Item<K extends 'shards' | 'egresses' | 'functions'> = WorkerReport[K][number];

const SHARDS: readonly Column<Item<'shards'>>[] = [
  {
    title: 'Shard',
    cell: ({ source, shard }) => <a href={hrefs.shard(source, shard)}>{`${source} ${shardText(shard)}`}</a>,
    sortBy: ({ source, shard }) => `${source} ${shard}`,
  },
  { title: 'State', cell: ({ state, reason }) => (reason ? `${state}: ${reason}` : state), sortBy: ({ state }) => state },
  {
    title: 'Lag',
    cell: ({ lagSeconds }) => <span class={`level-${levelOf(lagSeconds, LAG_SECONDS)}`}>{secondsText(lagSeconds)}</span>,
    sortBy: ({ lagSeconds }) => lagSeconds,
    align: 'right',
  },
  {
    title: 'Records/s',
    cell: ({ recordsPerSecond }) => rateText(recordsPerSecond),
    sortBy: ({ recordsPerSecond }) => recordsPerSecond,
    align: 'right',
  },
];

const EGRESSES: readonly Column<Item<'egresses'>>[] = [
  { title: 'Egress', cell: ({ egress }) => <a href={hrefs.target(egress)}>{egress}</a> },
  { title: 'State', cell: ({ state, reason }) => (reason ? `${state}: ${reason}` : state) },
  { title: 'Records/s', cell: ({ recordsPerSecond }) => rateText(recordsPerSecond), align: 'right' },
  { title: 'Request', cell: ({ requestMs }) => (requestMs > 0 ? latencyText(requestMs) : '–'), align: 'right' },
  {
    title: 'Time-out',
    cell: ({ timeoutSeconds }) => (timeoutSeconds === undefined ? 'as configured' : secondsText(timeoutSeconds)),
    align: 'right',
    isSecondary: true,
  },
  { title: 'Throttled/s', cell: ({ throttledPerSecond }) => rateText(throttledPerSecond), align: 'right', isSecondary: true },
];

const FUNCTIONS: readonly Column<Item<'functions'>>[] = [
  { title: 'Function', cell: ({ type }) => <a href={hrefs.target(type)}>{type}</a> },
  { title: 'State', cell: ({ state, reason }) => (reason ? `${state}: ${reason}` : state) },
  { title: 'Calls/s', cell: ({ invocationsPerSecond }) => rateText(invocationsPerSecond), align: 'right' },
  { title: 'In flight', cell: ({ inFlight }) => countText(inFlight), align: 'right', isSecondary: true },
  { title: 'Parked', cell: ({ parked }) => countText(parked), align: 'right' },
];
