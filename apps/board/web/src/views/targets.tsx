import type { Overview, TargetOverview } from '../api/types.ts';
import { Badge } from '../components/badge.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Page } from '../components/page.tsx';
import { bytesText, compactText, countText, durationText, rateText } from '../model/format.ts';
import { compareLevels } from '../model/level.ts';
import { levelOf, OLDEST_MS } from '../model/limits.ts';
import { targetStatus } from '../model/target-status.ts';
import { targetFigures } from '../model/totals.ts';
import { hrefs } from '../routing/route.ts';

const rateOf = (target: TargetOverview): number => {
  const { recordsOut, invocations } = targetFigures(target);
  return target.kind === 'function' ? invocations : recordsOut;
};

const COLUMNS: readonly Column<TargetOverview>[] = [
  { title: 'Target', cell: ({ target }) => <a href={hrefs.target(target)}>{target}</a>, sortBy: ({ target }) => target },
  { title: 'Kind', cell: ({ kind }) => kind ?? '–', sortBy: ({ kind }) => kind, isSecondary: true },
  { title: 'State', cell: (target) => <Badge status={targetStatus(target)} /> },
  { title: 'Lanes', cell: ({ lanes }) => countText(lanes.length), sortBy: ({ lanes }) => lanes.length, align: 'right', isSecondary: true },
  {
    title: 'In lanes',
    cell: (target) => compactText(targetFigures(target).records),
    sortBy: (target) => targetFigures(target).records,
    align: 'right',
  },
  {
    title: 'Bytes',
    cell: (target) => bytesText(targetFigures(target).bytes),
    sortBy: (target) => targetFigures(target).bytes,
    align: 'right',
    isSecondary: true,
  },
  {
    title: 'Oldest',
    cell: (target) => {
      const { oldestMs } = targetFigures(target);
      return <span class={`level-${levelOf(oldestMs, OLDEST_MS)}`}>{oldestMs === null ? '–' : durationText(oldestMs)}</span>;
    },
    sortBy: (target) => targetFigures(target).oldestMs,
    align: 'right',
    isSecondary: true,
  },
  { title: 'Out/s', cell: (target) => rateText(rateOf(target)), sortBy: rateOf, align: 'right' },
  {
    title: 'Dead letters',
    cell: ({ target, deadLetters }) => (deadLetters > 0 ? <a href={hrefs.deadLetters(target)}>{countText(deadLetters)}</a> : '0'),
    sortBy: ({ deadLetters }) => deadLetters,
    align: 'right',
    isSecondary: true,
  },
];

export function TargetsView({ overview }: { readonly overview: Overview }) {
  const rows = overview.targets.toSorted((a, b) => compareLevels(targetStatus(a).level, targetStatus(b).level));
  return (
    <Page title="Targets" note="Egresses and functions, each with its lanes.">
      <DataTable
        caption="Targets"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ target }) => target}
        textOf={({ target }) => target}
        empty="No target has been used yet."
      />
    </Page>
  );
}
