import { plural } from '@sluice/core';
import { pauseText } from '@sluice/operator';
import type { ShardOverview, StreamOverview } from '@sluice/status';
import { bytesText, durationText, rateText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { fold, ownersText } from './fold.ts';
import type { TextOptions } from './lanes-text.ts';
import { reasonLines } from './reason-lines.ts';

const STATES: Readonly<Record<ShardOverview['state'], string>> = {
  reading: 'being read',
  paused: 'target full',
  failing: 'reads fail',
  free: 'free',
  /** For its parents to end. */
  waiting: 'waits',
  /** It was read to its end. */
  ended: 'ended',
};

const lagText = (seconds: number | null): string => (seconds === null ? '-' : durationText(seconds * 1_000));

export const SHARD_COLUMNS: readonly Column<ShardOverview>[] = [
  { title: 'shard', value: ({ shardId }) => shardId },
  { title: 'state', value: ({ state }) => STATES[state] },
  { title: 'owner', value: ({ owner }) => owner ?? 'nobody', least: 10 },
  { title: 'lag', value: ({ lagSeconds }) => lagText(lagSeconds), align: 'right' },
  { title: 'records/s', value: ({ recordsPerSecond }) => rateText(recordsPerSecond), align: 'right' },
  { title: 'bytes/s', value: ({ bytesPerSecond }) => bytesText(bytesPerSecond), align: 'right', spare: 2 },
  { title: 'leased', value: ({ leases }) => `${leases} ×`, align: 'right', spare: 4 },
  {
    title: 'checkpoint',
    value: ({ checkpoint }) => checkpoint.replace(/^AT_TIMESTAMP:(\d+)$/, (_, ms) => new Date(Number(ms)).toISOString()),
    ...{ least: 12, spare: 1 },
  },
  { title: 'parents', value: ({ parents }) => parents.map(numberOf).join(', '), least: 7, spare: 3 },
];

/** `shardId-000000000012` is shard 12 to a person. */
const numberOf = (shardId: string): string => shardId.replace(/^shardId-0*(?=\d)/, '');

/** More shards than this are folded where nothing is to be said of them. */
const READ_ONE_BY_ONE = 20;
const UP_TO_DATE_SECONDS = 1;

export function renderStreams(streams: readonly StreamOverview[], options: TextOptions): string {
  if (streams.length === 0) return 'no stream has been read with this Redis yet\n';
  return streams.map((stream) => `${streamLines(stream, options).join('\n')}\n`).join('\n');
}

function streamLines(stream: StreamOverview, { width, isAll }: TextOptions): string[] {
  const isEnded = ({ state }: ShardOverview) => state === 'ended';
  const isUpToDate = ({ state, lagSeconds }: ShardOverview) =>
    state === 'reading' && lagSeconds !== null && lagSeconds < UP_TO_DATE_SECONDS;
  const ended = fold(stream.shards, isEnded, isAll);
  const read = fold(ended.shown, isUpToDate, isAll || ended.shown.length <= READ_ONE_BY_ONE);
  const notes = [
    ...(read.folded.length > 0 ? [`${plural(read.folded.length, 'shard')} being read and up to date, ${ownersText(read.folded)}`] : []),
    ...(ended.folded.length > 0 ? [`${plural(ended.folded.length, 'shard')} read to the end`] : []),
  ];
  return [
    ...streamHead(stream, width),
    ...(read.shown.length > 0 ? tableLines(SHARD_COLUMNS, read.shown, width) : []),
    ...reasonLines(failures(read.shown), width),
    ...notes.map((line) => shorten(line, width)),
  ];
}

const failures = (shards: readonly ShardOverview[]) =>
  shards.flatMap(({ shardId, code, reason = '' }) =>
    code === undefined ? [] : [{ of: `shard ${numberOf(shardId)} fails`, reason: `${reason} (${code})` }],
  );

/** `com.example/in/orders: 4 shards, 120 records/s (12 KiB/s), lag 3 s at most, 4 s in all`, then the stream's ARN. */
function streamHead({ source, arn, paused, shards, ...stream }: StreamOverview, width: number): string[] {
  const facts = [
    plural(shards.length, 'shard'),
    `${rateText(stream.recordsPerSecond)} records/s (${bytesText(stream.bytesPerSecond)}/s)`,
    ...(stream.lagMaxSeconds === null ? [] : [`lag ${lagText(stream.lagMaxSeconds)} at most, ${lagText(stream.lagSumSeconds)} in all`]),
  ].join(', ');
  const name = shorten(source, Math.max(12, width - facts.length - 2));
  return [shorten(`${name}: ${facts}`, width), shorten(arn, width), ...(paused ? [shorten(pauseText(paused), width)] : [])];
}
