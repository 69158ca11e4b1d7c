import { ActionButton } from '../actions/action-button.tsx';
import { offerMove } from '../actions/offers.ts';
import type { Job, JobData, LaneAnswer, Overview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Missing } from '../components/missing.tsx';
import { Notice, Page, Section } from '../components/page.tsx';
import { nowMs } from '../live/live.ts';
import { useAnswer } from '../live/use-answer.ts';
import { agoText, bytesText, countText, durationText, plural, shardText, shorten } from '../model/format.ts';
import { laneStatus } from '../model/lane-status.ts';
import { levelOf, OLDEST_MS } from '../model/limits.ts';
import type { Status } from '../model/status.ts';
import { hrefs } from '../routing/route.ts';

export interface LaneViewProps {
  readonly overview: Overview;
  readonly target: string;
  readonly lane: number;
}

export function LaneView({ overview, target: name, lane: number }: LaneViewProps) {
  const answer = useAnswer<LaneAnswer>(`api/lanes/${encodeURIComponent(name)}/${number}`);
  const target = overview.targets.find((each) => each.target === name);
  const lane = target?.lanes.find((each) => each.lane === number);
  const trail = [
    { title: 'Targets', href: hrefs.targets },
    { title: name, href: hrefs.target(name) },
  ];
  if (!target || !lane) {
    return (
      <Page title={`Lane ${number}`} trail={trail}>
        <Notice title="This lane is not there" />
      </Page>
    );
  }
  const app = target.kind === 'function' ? 'function-worker' : 'egress-worker';
  const others = overview.workers.filter((worker) => worker.app === app && worker.workerId !== lane.owner).map(({ workerId }) => workerId);
  const status = laneStatus(lane, target);
  const actions = (
    <ActionButton
      offer={offerMove('lane', `${name}/${number}`, `lane ${number} of ${name}`, others)}
      text="Move…"
      obstacle={others.length === 0 ? 'No other worker could take it' : undefined}
    />
  );
  return (
    <Page title={`Lane ${number}`} trail={trail} status={status} note={status.reason} actions={actions}>
      <Figures>
        <Figure label="Records" value={countText(lane.records)} note={bytesText(lane.bytes)} />
        <Figure label="Jobs" value={countText(lane.jobs)} note={`${countText(lane.active)} in its owner’s hands`} />
        <Figure
          label="Oldest"
          value={lane.oldestMs === null ? '–' : durationText(lane.oldestMs)}
          level={levelOf(lane.oldestMs, OLDEST_MS)}
          note="in the lane"
        />
        <Figure
          label="Owner"
          value={lane.owner ?? 'nobody'}
          note={`${countText(lane.enqueued)} jobs so far`}
          {...(lane.owner && { href: hrefs.worker(lane.owner) })}
        />
      </Figures>
      <Section title="Jobs" note={lane.jobs > 50 ? `The first 50 of ${countText(lane.jobs)}.` : 'In the order in which they leave.'}>
        {answer.value ? (
          <DataTable
            caption={`Jobs of lane ${number}`}
            columns={columnsOf(name, number, nowMs.value)}
            rows={answer.value.jobs}
            keyOf={({ id }) => id}
            textOf={textOf}
            empty="The lane is empty."
          />
        ) : (
          <Missing answer={answer} what="the jobs" />
        )}
      </Section>
    </Page>
  );
}

const textOf = ({ id, state, data }: Job): string => `${id} ${state} ${data?.source?.shard ?? ''} ${data?.lastReason ?? ''}`;

const UNREADABLE: Status = { level: 'bad', word: 'cannot be read' };

const sourceText = (data: JobData | null): string =>
  data === null ? '–' : data.source ? `${data.source.stream} ${shardText(data.source.shard)}` : 'a client';

function Attempts({ data }: { readonly data: JobData | null }) {
  if (data === null || data.attempts === 0) return <>–</>;
  return (
    <>
      {plural(data.attempts, 'attempt')}
      {data.lastReason && <span class="cell-reason">{shorten(data.lastReason, 90)}</span>}
    </>
  );
}

const columnsOf = (target: string, lane: number, now: number): Column<Job>[] => [
  { title: 'Job', cell: ({ id }) => <a href={hrefs.job(target, lane, id)}>{id}</a> },
  {
    title: 'State',
    cell: ({ state, data }) => (data === null ? <Badge status={UNREADABLE} /> : state === 'active' ? 'in flight' : 'waiting'),
  },
  {
    title: 'Source',
    cell: ({ data }) => sourceText(data),
    isSecondary: true,
  },
  { title: 'Records', cell: ({ data }) => (data ? countText(data.records) : '–'), align: 'right' },
  { title: 'Bytes', cell: ({ data }) => (data ? bytesText(data.bytes) : '–'), align: 'right', isSecondary: true },
  { title: 'Enqueued', cell: ({ data }) => (data ? agoText(Date.parse(data.enqueuedAt), now) : '–'), align: 'right' },
  {
    title: 'Attempts',
    cell: ({ data }) => <Attempts data={data} />,
    isSecondary: true,
  },
];
