import { plural } from '@sluice/core';
import { type LaneState, pauseText, type TargetState } from '@sluice/operator';
import { bytesText, countText, durationText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';
import { type Column, renderTable } from '../terminal/table.ts';

const COLUMNS: readonly Column<LaneState>[] = [
  { title: 'lane', value: ({ lane }) => String(lane), align: 'right' },
  { title: 'waiting', value: ({ waiting }) => countText(waiting), align: 'right' },
  { title: 'active', value: ({ active }) => countText(active), align: 'right' },
  { title: 'records', value: ({ records }) => countText(records), align: 'right' },
  { title: 'bytes', value: ({ bytes }) => bytesText(bytes), align: 'right' },
  { title: 'jobs ever', value: ({ enqueued }) => countText(enqueued), align: 'right' },
  { title: 'owner', value: ({ owner }) => shorten(owner ?? 'nobody', 25) },
  { title: 'blocked', value: blockedText },
];

function blockedText({ blockedForMs, blockedReason }: LaneState): string {
  if (blockedForMs === 0) return '';
  return `for ${durationText(blockedForMs)}${blockedReason ? `: ${shorten(blockedReason, 60)}` : ''}`;
}

export function renderTargets(targets: readonly TargetState[]): string {
  if (targets.length === 0) return 'no target has been used in this Redis yet\n';
  return targets.map((target) => `${headOf(target)}\n${renderTable(COLUMNS, target.lanes)}`).join('\n');
}

function headOf({ target, deadLetters, paused, lanes }: TargetState): string {
  const sum = (value: (lane: LaneState) => number) => lanes.reduce((total, lane) => total + value(lane), 0);
  return `${target}: ${plural(lanes.length, 'lane')}, ${plural(
    sum(({ records }) => records),
    'record',
  )} (${bytesText(sum(({ bytes }) => bytes))}), ${plural(deadLetters, 'dead letter')}${paused ? `, ${pauseText(paused)}` : ''}`;
}
