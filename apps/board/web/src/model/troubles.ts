/** Everything that needs attention, the worst first: what the headline says and the list below it shows. */
import type { Overview, StreamOverview, TargetOverview } from '../api/types.ts';
import { hrefs } from '../routing/route.ts';
import { bytesText, countText, durationText, plural, secondsText, shardText, shareText } from './format.ts';
import { laneStatus } from './lane-status.ts';
import { compareLevels, type Level } from './level.ts';
import { LAG_SECONDS, levelOf, MEMORY_SHARE, OLDEST_MS } from './limits.ts';
import { shardStatus } from './shard-status.ts';
import type { Status } from './status.ts';
import { targetFigures } from './totals.ts';
import { failureText, workerStatus, writerStatus } from './writer-status.ts';

export interface Trouble {
  readonly level: Level;
  /** What it concerns, such as `output/departures`. */
  readonly where: string;
  readonly what: string;
  readonly reason?: string;
  readonly href: string;
}

export function troublesOf(overview: Overview): Trouble[] {
  return [
    ...redisTroubles(overview),
    ...overview.streams.flatMap(streamTroubles),
    ...overview.targets.flatMap(targetTroubles),
    ...overview.workers.flatMap((worker): Trouble[] => {
      const { level, word, reason } = workerStatus(worker);
      if (level === 'ok') return [];
      return [{ level, where: worker.workerId, what: word, ...(reason && { reason }), href: hrefs.worker(worker.workerId) }];
    }),
    ...deadLetterTroubles(overview),
    ...releaseTroubles(overview),
  ].toSorted((a, b) => compareLevels(a.level, b.level));
}

function redisTroubles({ redis }: Overview): Trouble[] {
  if (redis.maxBytes === 0) return [];
  const share = redis.usedBytes / redis.maxBytes;
  const level = levelOf(share, MEMORY_SHARE);
  if (level === 'ok') return [];
  const what = `${shareText(share)} of its memory is used (${bytesText(redis.usedBytes)} of ${bytesText(redis.maxBytes)})`;
  return [{ level, where: 'Redis', what, href: hrefs.overview }];
}

function streamTroubles(stream: StreamOverview): Trouble[] {
  const { source, paused, shards, lagMaxSeconds } = stream;
  const at = { where: source, href: hrefs.stream(source) };
  if (paused) return [{ level: 'warn', ...at, what: `paused by ${paused.by}`, ...(paused.reason && { reason: paused.reason }) }];
  const found = group(shards, (shard) => shardStatus(shard, stream)).filter(({ status }) => status.word !== 'behind');
  const lag = levelOf(lagMaxSeconds, LAG_SECONDS);
  const behind = shards.filter((shard) => levelOf(shard.lagSeconds, LAG_SECONDS) !== 'ok').length;
  return [
    ...found.map(({ status, items }): Trouble => {
      const only = items.length === 1 ? items[0] : undefined;
      return {
        ...{ level: status.level, where: source, ...(status.reason && { reason: status.reason }) },
        what: only
          ? `shard ${shardText(only.shardId)} ${phraseOf(status, 1)}`
          : `${ofAll(items.length, shards.length, 'shard')} ${phraseOf(status, items.length)}`,
        href: only ? hrefs.shard(source, only.shardId) : at.href,
      };
    }),
    ...(lag === 'ok'
      ? []
      : [{ level: lag, ...at, what: `${secondsText(lagMaxSeconds!)} behind in ${ofAll(behind, shards.length, 'shard')}` }]),
  ];
}

function targetTroubles(target: TargetOverview): Trouble[] {
  const { target: name, paused, lanes, writers, deadLetters, parked } = target;
  const at = { where: name, href: hrefs.target(name) };
  const figures = targetFigures(target);
  const isWaiting = figures.jobs > 0;
  const age = levelOf(figures.oldestMs, OLDEST_MS);
  const lanesFound = group(lanes, (lane) => {
    const status = laneStatus(lane, target);
    // Lanes are blocked for times of their own, for one reason.
    return lane.blockedForMs > 0 ? { ...status, word: 'blocked' } : status;
  }).filter(({ status }) => status.word !== 'late' && status.word !== 'free');
  return [
    ...(paused ? [{ level: 'warn' as const, ...at, what: `paused by ${paused.by}`, ...(paused.reason && { reason: paused.reason }) }] : []),
    ...lanesFound.map(({ status, items }) => ({
      ...{ level: status.level, ...at, ...(status.reason && { reason: status.reason }) },
      what: `${ofAll(items.length, lanes.length, 'lane')} ${phraseOf(status, items.length)}`,
    })),
    ...(age !== 'ok' && !paused && lanesFound.length === 0
      ? [{ level: age, ...at, what: `its oldest job has waited ${durationText(figures.oldestMs!)}` }]
      : []),
    ...(writers.length === 0 && !isWaiting && !paused ? [{ level: 'note' as const, ...at, what: 'no worker serves it' }] : []),
    ...group(writers, writerStatus).map(({ status, items }) => ({
      ...{ level: status.level, ...at, ...(status.reason && { reason: status.reason }) },
      what: items.length === 1 ? `${items[0]!.worker}: ${status.word}` : `${plural(items.length, 'writer')}: ${status.word}`,
    })),
    ...(parked > 0 ? [{ level: 'warn' as const, ...at, what: `${plural(parked, 'address is', 'addresses are')} parked` }] : []),
    ...(deadLetters > 0
      ? [{ level: 'note' as const, where: name, href: hrefs.deadLetters(name), what: `${plural(deadLetters, 'dead letter')} to look at` }]
      : []),
  ];
}

function deadLetterTroubles({ workers, targets }: Overview): Trouble[] {
  const waiting = targets.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  return workers.flatMap(({ deadLetterOutput }) =>
    deadLetterOutput
      ? [
          {
            ...{ level: 'warn', where: 'Dead letters', what: `${countText(waiting)} wait, as their output fails` },
            ...{ reason: failureText(deadLetterOutput), href: hrefs.deadLetters(null) },
          },
        ]
      : [],
  );
}

function releaseTroubles({ workers }: Overview): Trouble[] {
  const releases = [...new Set(workers.map(({ release }) => release))].sort();
  if (releases.length < 2) return [];
  return [{ level: 'note', where: 'Workers', what: `${releases.length} releases run: ${releases.join(', ')}`, href: hrefs.workers }];
}

/** What needs attention, by what is the matter. */
function group<T>(items: readonly T[], statusOf: (item: T) => Status): { status: Status; items: T[] }[] {
  const groups = new Map<string, { status: Status; items: T[] }>();
  for (const item of items) {
    const status = statusOf(item);
    if (status.level === 'ok' || status.level === 'idle') continue;
    const key = `${status.level} ${status.word} ${status.reason ?? ''}`;
    const known = groups.get(key);
    if (known) known.items.push(item);
    else groups.set(key, { status, items: [item] });
  }
  return [...groups.values()];
}

/** What is said of one and of several. */
const PHRASES: Readonly<Record<string, readonly [one: string, several: string]>> = {
  'reads fail': ['cannot be read', 'cannot be read'],
  'nobody reads it': ['has no reader', 'have no reader'],
  'held back': ['is held back', 'are held back'],
  blocked: ['is blocked', 'are blocked'],
  'nobody works it': ['has no owner', 'have no owner'],
};

const phraseOf = ({ word }: Status, count: number): string => PHRASES[word]?.[count === 1 ? 0 : 1] ?? word;

const ofAll = (some: number, all: number, noun: string): string =>
  some === all ? (all === 1 ? `its ${noun}` : `all ${countText(all)} ${noun}s`) : `${countText(some)} of ${plural(all, noun)}`;
