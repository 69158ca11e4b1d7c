import { ActionButton } from '../actions/action-button.tsx';
import { offerLaneCount, offerPause, offerResume } from '../actions/offers.ts';
import type { LaneOverview, Overview, TargetOverview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Notice, Page, Section } from '../components/page.tsx';
import { bytesText, compactText, countText, durationText, plural, rateText, shorten, timeText } from '../model/format.ts';
import { byTrouble, laneStatus } from '../model/lane-status.ts';
import { levelOf, OLDEST_MS } from '../model/limits.ts';
import { targetStatus } from '../model/target-status.ts';
import { targetFigures } from '../model/totals.ts';
import { hrefs } from '../routing/route.ts';
import { HistoryCharts } from './history-charts.tsx';
import { LaneGrid } from './lane-grid.tsx';
import { ParkedSection } from './parked.tsx';
import { WritersTable } from './writers-table.tsx';

const TRAIL = [{ title: 'Targets', href: hrefs.targets }];

export function TargetView({ overview, target: name }: { readonly overview: Overview; readonly target: string }) {
  const target = overview.targets.find((each) => each.target === name);
  if (!target) {
    return (
      <Page title={name} trail={TRAIL}>
        <Notice title="This target is not there">Nothing was ever sent to it with this Redis.</Notice>
      </Page>
    );
  }
  const { kind, layout, paused, lanes } = target;
  const note = paused
    ? `Paused by ${paused.by} at ${timeText(paused.atMs)}${paused.reason ? `: ${paused.reason}` : ''}`
    : kind === 'function'
      ? 'Function type'
      : layout === 'shard'
        ? 'Egress, its lanes laid by shard'
        : 'Egress';
  return (
    <Page title={name} trail={TRAIL} status={targetStatus(target)} note={note} actions={<Actions target={target} />}>
      <TargetFiguresRow target={target} />
      {kind === 'function' && <ParkedSection type={name} count={target.parked} />}
      <Section title="Lanes" note="The stronger the colour, the fuller. A mark says what is the matter.">
        <LaneGrid target={target} size={lanes.length > 400 ? 'medium' : 'large'} />
        <DataTable
          caption={`Lanes of ${name}`}
          columns={columnsOf(target)}
          rows={lanes.toSorted(byTrouble(target))}
          keyOf={({ lane }) => String(lane)}
          textOf={(lane) => textOf(lane, target)}
          empty="It has no lanes."
        />
      </Section>
      <Section title={kind === 'function' ? 'Workers that serve it' : 'Writers'}>
        <WritersTable target={target} />
      </Section>
      <Section title="The last hour">
        <HistoryCharts target={name} />
      </Section>
    </Page>
  );
}

function Actions({ target: { target, kind, layout, paused, lanes } }: { readonly target: TargetOverview }) {
  const what = kind ?? 'egress';
  return (
    <>
      <ActionButton offer={paused ? offerResume(what, target) : offerPause(what, target)} />
      <ActionButton offer={offerLaneCount(target, lanes.length, kind === 'function' ? undefined : layout)} text="Change lanes…" />
    </>
  );
}

function TargetFiguresRow({ target }: { readonly target: TargetOverview }) {
  const figures = targetFigures(target);
  const isFunction = target.kind === 'function';
  return (
    <Figures>
      {isFunction ? (
        <Figure
          label="Calls"
          value={rateText(figures.invocations)}
          unit="/s"
          note={`${rateText(figures.failed)}/s failed`}
          level={figures.failed > 0 ? 'warn' : 'ok'}
        />
      ) : (
        <Figure label="Written" value={rateText(figures.recordsOut)} unit="records/s" note={`${bytesText(figures.bytesOut)}/s`} />
      )}
      <Figure
        label="In lanes"
        value={compactText(figures.records)}
        unit="records"
        note={`${bytesText(figures.bytes)} in ${plural(figures.jobs, 'job')}`}
      />
      <Figure
        label="Oldest"
        value={figures.oldestMs === null ? '–' : durationText(figures.oldestMs)}
        level={levelOf(figures.oldestMs, OLDEST_MS)}
        note="first job of the oldest lane"
      />
      {isFunction ? (
        <Figure label="Due later" value={countText(target.delayed)} unit="messages" note="delayed messages" />
      ) : (
        <Figure
          label="Tried again"
          value={rateText(figures.failed)}
          unit="records/s"
          level={figures.failed > 0 ? 'warn' : 'ok'}
          note={`${rateText(figures.throttled)}/s throttled`}
        />
      )}
      <Figure
        label="Dead letters"
        value={countText(target.deadLetters)}
        level={target.deadLetters > 0 ? 'note' : 'ok'}
        note={target.deadLetters > 0 ? 'to redrive or remove' : 'none'}
        href={hrefs.deadLetters(target.target)}
      />
    </Figures>
  );
}

const textOf = (lane: LaneOverview, target: TargetOverview): string => {
  const { word, reason = '' } = laneStatus(lane, target);
  return `${lane.lane} ${word} ${reason} ${lane.owner ?? 'nobody'}`;
};

const columnsOf = (target: TargetOverview): Column<LaneOverview>[] => [
  { title: 'Lane', cell: ({ lane }) => <a href={hrefs.lane(target.target, lane)}>{lane}</a>, sortBy: ({ lane }) => lane },
  { title: 'State', cell: (lane) => <LaneState lane={lane} target={target} />, sortBy: (lane) => laneStatus(lane, target).word },
  {
    title: 'Owner',
    cell: ({ owner }) => (owner === null ? <span class="muted">nobody</span> : <a href={hrefs.worker(owner)}>{owner}</a>),
    sortBy: ({ owner }) => owner,
    isSecondary: true,
  },
  { title: 'Records', cell: ({ records }) => countText(records), sortBy: ({ records }) => records, align: 'right' },
  { title: 'Bytes', cell: ({ bytes }) => bytesText(bytes), sortBy: ({ bytes }) => bytes, align: 'right', isSecondary: true },
  { title: 'Jobs', cell: ({ jobs }) => countText(jobs), sortBy: ({ jobs }) => jobs, align: 'right', isSecondary: true },
  {
    title: 'Oldest',
    cell: ({ oldestMs }) => <span class={`level-${levelOf(oldestMs, OLDEST_MS)}`}>{oldestMs === null ? '–' : durationText(oldestMs)}</span>,
    sortBy: ({ oldestMs }) => oldestMs,
    align: 'right',
  },
];

function LaneState({ lane, target }: { readonly lane: LaneOverview; readonly target: TargetOverview }) {
  const status = laneStatus(lane, target);
  return (
    <>
      <Badge status={status} />
      {status.reason && <span class="cell-reason">{shorten(status.reason, 90)}</span>}
    </>
  );
}
