/**
 * Another number of lanes for a target, or other records that share one, while workers run.
 *
 *     announce ──▶ close ──▶ finish
 *         └──▶ withdraw
 *
 * While it is announced, senders hold back and the lanes are emptied as usual. `close` happens in one step, and only if nothing is in any
 * lane and nothing was put into one since its caller looked: from then on every script that puts something into a lane refuses. What a
 * function remembers of its addresses moves to their new lanes, and `finish` records the new number, which everybody learns at the next
 * refusal or look. An announcement ends by itself where the operator is killed; a closed target stays closed until the change is made again.
 */
import { randomBytes } from 'node:crypto';
import {
  DEFAULT_KEY_PREFIX,
  delayedKeys,
  laneKeys,
  noticeChannel,
  type RedisSession,
  runPipeline,
  type TargetAddress,
  targetsKey,
  writerGroupKey,
} from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { LanesResizingError } from '../errors.ts';
import { closeLanes } from './close-lanes.ts';
import type { TargetLanes } from './lane-count.ts';
import { formatLaneEntry, type LaneChange, type LaneEntry, type LaneLayout, parseLaneEntry } from './lane-entry.ts';
import { moveValues } from './move-values.ts';

/** How long an announcement lasts unless it is renewed. */
const ANNOUNCED_MS = 15_000;

/** What is in the lanes of a target. */
export interface LaneContents {
  readonly jobs: number;
  /** Addresses of functions for which messages wait outside the lanes. */
  readonly mailboxes: number;
  readonly delayed: number;
  /** Ids of the newest jobs: another one where something was pushed since. */
  readonly newestIds: readonly string[];
}

export interface LaneResize {
  /** How many lanes there are until it is done. */
  readonly from: number;
  readonly layout: LaneLayout;
  /** Whether the lanes are closed already: an earlier change was interrupted. */
  readonly isClosed: boolean;
  /** Senders hold back for some seconds from now. */
  announce(): Promise<void>;
  /** Senders go on. */
  withdraw(): Promise<void>;
  contents(): Promise<LaneContents>;
  /** Answers `false`, with nothing changed, where something is in the lanes or was put into one since. */
  close(seen: LaneContents): Promise<boolean>;
  /** Moves what functions remember, and records the number. */
  finish(): Promise<void>;
}

/**
 * Begins a change; nothing is written before `announce`. Without a `layout` they stay laid as they are.
 * @throws {LanesResizingError} another operator is at it
 */
export async function beginLaneResize(
  session: RedisSession,
  { keyPrefix, target, lanes, layout }: TargetAddress & TargetLanes & { readonly layout?: LaneLayout | undefined },
): Promise<LaneResize> {
  const { epoch } = session;
  const key = targetsKey(keyPrefix);
  const by = randomBytes(6).toString('hex');
  let text = (await session.run(epoch, (client) => client.hget(key, target))) ?? '';
  const { change, ...before }: LaneEntry = parseLaneEntry(text);
  if (change && change.untilMs > (await redisNow(session))) throw new LanesResizingError(target, change.lanes);
  const keys = Array.from({ length: before.lanes }, (_, lane) => laneKeys({ keyPrefix, target, lane }));
  const delayedCounts = delayedKeys(keyPrefix).counts;
  let isClosed = change?.stage === 'closed';

  const entryOf = async (stage: LaneChange['stage']) =>
    formatLaneEntry({ ...before, change: { stage, lanes, untilMs: (await redisNow(session)) + ANNOUNCED_MS, by } });
  const replace = async (next: string) => {
    const replaced = await laneScripts(session).script(epoch, 'changeEntry', [key], [target, text, next]);
    if (replaced !== 1) throw new LanesResizingError(target, undefined);
    text = next;
  };
  return {
    from: before.lanes,
    layout: before.layout,
    get isClosed() {
      return isClosed;
    },
    announce: async () => replace(await entryOf('to')),
    withdraw: () => replace(formatLaneEntry(before)),
    async contents() {
      const [delayed, ...answers] = await runPipeline(session, epoch, (pipeline) => {
        pipeline.hget(delayedCounts, target);
        for (const { wait, active, mailboxes, newestId } of keys) pipeline.llen(wait).llen(active).hlen(mailboxes).get(newestId);
      });
      const sum = (offset: number) => keys.reduce((total, _, lane) => total + Number(answers[4 * lane + offset]), 0);
      const newestIds = keys.map((_, lane) => (answers[4 * lane + 3] as string | null) ?? '0');
      return { jobs: sum(0) + sum(1), mailboxes: sum(2), delayed: Number(delayed ?? 0), newestIds };
    },
    async close({ newestIds }) {
      const next = await entryOf('closed');
      const outcome = await closeLanes(session, { keyPrefix, target }, keys, { before: text, after: next, newestIds });
      if (outcome === 'changed') throw new LanesResizingError(target, undefined);
      if (outcome !== 'closed') return false;
      text = next;
      isClosed = true;
      return true;
    },
    async finish() {
      await replace(await entryOf('closed'));
      await moveValues(session, epoch, { keyPrefix, target, lanes, onPage: async () => replace(await entryOf('closed')) });
      await replace(formatLaneEntry({ lanes, layout: layout ?? before.layout, isResized: true }));
      await session.run(epoch, (client) =>
        client.publish(noticeChannel(writerGroupKey(keyPrefix ?? DEFAULT_KEY_PREFIX, target)), 'resized'),
      );
    },
  };
}

async function redisNow(session: RedisSession): Promise<number> {
  const [seconds, micros] = (await session.run(session.epoch, (client) => client.time())) as unknown as [string, string];
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
