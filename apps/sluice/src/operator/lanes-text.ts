import { plural } from '@sluice/core';
import { pauseText } from '@sluice/operator';
import type { LaneOverview, TargetOverview } from '@sluice/status';
import { bytesText, countText, durationText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { fold, ownersText, rangesText } from './fold.ts';
import { reasonLines } from './reason-lines.ts';

export const LANE_COLUMNS: readonly Column<LaneOverview>[] = [
  { title: 'lane', value: ({ lane }) => String(lane), align: 'right' },
  { title: 'owner', value: ({ owner }) => owner ?? 'nobody', least: 10 },
  { title: 'records', value: ({ records }) => countText(records), align: 'right' },
  { title: 'bytes', value: ({ bytes }) => bytesText(bytes), align: 'right' },
  { title: 'oldest', value: ({ oldestMs }) => (oldestMs === null ? '-' : durationText(oldestMs)), align: 'right' },
  { title: 'jobs', value: ({ waiting }) => countText(waiting), align: 'right' },
  { title: 'in hand', value: ({ active }) => countText(active), align: 'right', spare: 1 },
  { title: 'jobs ever', value: ({ enqueued }) => countText(enqueued), align: 'right', spare: 2 },
  { title: 'state', value: stateOf },
];

function stateOf({ owner, jobs, blockedForMs }: LaneOverview): string {
  if (blockedForMs > 0) return `blocked for ${durationText(blockedForMs)}`;
  if (jobs === 0) return 'idle';
  return owner === null ? 'waits for an owner' : '';
}

export const isIdle = ({ jobs, records, blockedForMs }: LaneOverview): boolean => jobs === 0 && records === 0 && blockedForMs === 0;

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Also the rows of which nothing is to be said. */
  readonly isAll: boolean;
}

export function renderTargets(targets: readonly TargetOverview[], options: TextOptions): string {
  if (targets.length === 0) return 'no target has been used in this Redis yet\n';
  return targets.map((target) => `${targetLines(target, options).join('\n')}\n`).join('\n');
}

function targetLines(target: TargetOverview, { width, isAll }: TextOptions): string[] {
  const { shown, folded } = fold(target.lanes, isIdle, isAll);
  const idle =
    folded.length > 0
      ? [`${plural(folded.length, 'idle lane')} (${rangesText(folded.map(({ lane }) => lane))}) ${ownersText(folded)}`]
      : [];
  return [
    ...targetHead(target, width),
    ...(shown.length > 0 ? tableLines(LANE_COLUMNS, shown, width) : []),
    ...reasonLines(blockReasons(shown), width),
    ...idle.map((line) => shorten(line, width)),
  ];
}

const blockReasons = (lanes: readonly LaneOverview[]) =>
  lanes.flatMap(({ lane, blockedReason }) =>
    blockedReason === undefined ? [] : [{ of: `lane ${lane} is blocked`, reason: blockedReason }],
  );

/** `output/orders: egress, 16 lanes, 1,200 records (1.2 MiB), oldest 12 s`, and what else there is to know in a second line. */
function targetHead({ target, kind, layout, deadLetters, parked, delayed, paused, lanes }: TargetOverview, width: number): string[] {
  const sum = (value: (lane: LaneOverview) => number) => lanes.reduce((total, lane) => total + value(lane), 0);
  const records = sum((lane) => lane.records);
  const oldestMs = lanes.reduce((oldest, lane) => Math.max(oldest, lane.oldestMs ?? 0), 0);
  const facts = [
    ...(kind ? [kind] : []),
    `${plural(lanes.length, 'lane')}${layout === 'shard' ? ' by shard' : ''}`,
    `${plural(records, 'record')} (${bytesText(sum((lane) => lane.bytes))})`,
    ...(records > 0 ? [`oldest ${durationText(oldestMs)}`] : []),
    ...(deadLetters > 0 ? [plural(deadLetters, 'dead letter')] : []),
    ...(parked > 0 ? [`${plural(parked, 'address', 'addresses')} parked`] : []),
    ...(delayed > 0 ? [`${plural(delayed, 'message')} delayed`] : []),
  ].join(', ');
  // The name gives way first: what follows is what was asked for.
  const name = shorten(target, Math.max(12, width - facts.length - 2));
  return [shorten(`${name}: ${facts}`, width), ...(paused ? [shorten(pauseText(paused), width)] : [])];
}
