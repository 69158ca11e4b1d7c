import type { DeadLetterKeys, DelayedKeys, LaneKeys, ScriptArgument } from '@sluice/redis';
import type { LaneScripts } from './lane-scripts.ts';
import { MAX_EVENTS } from './max-events.ts';

/** `lanes`: that target has another number of lanes. `guard`: it does not hold. `pending`: the token of that operation is taken. `stale`: that job is not in hand. */
type Refusal = 'lanes' | 'guard' | 'pending' | 'stale';

export type CommitVerdict = 'committed' | 'lost' | { readonly refused: Refusal; readonly index: number };

export interface CommitKeys {
  readonly lane: LaneKeys;
  readonly letters: DeadLetterKeys;
  readonly delayed: DelayedKeys;
  /** Of the numbers of lanes. */
  readonly targets: string;
}

/** Token number and owner of the lane's lease; `undefined` for an operator, who owns no lane and settles no job. */
export type Fence = readonly [number, string] | undefined;

/** The keys with which jobs are settled, as both scripts take them. */
export const settleKeys = (lane: LaneKeys, letters: DeadLetterKeys): string[] => [
  ...[lane.lease, lane.wait, lane.active, lane.events, lane.payloads, lane.gauge, lane.filter, lane.acked, lane.ended],
  ...[letters.failed, letters.newestId, letters.events, letters.payloads],
];

/** The arguments with which jobs are settled begin so. */
export const settleHead = (fence: Fence, lane: LaneKeys, letters: DeadLetterKeys): ScriptArgument[] => [
  ...(fence ?? ['', '']),
  ...[lane.jobPrefix, letters.jobPrefix, MAX_EVENTS],
];

/** Runs `commit.lua`. @param effects as `toCommitArguments` makes them @param settlements as for `settle-jobs` */
export async function runCommit(
  scripts: LaneScripts,
  epoch: number,
  { lane, letters, delayed, targets }: CommitKeys,
  fence: Fence,
  effects: readonly ScriptArgument[],
  settlements: readonly ScriptArgument[],
): Promise<CommitVerdict> {
  const others = [delayed.due, delayed.messages, delayed.tokens, delayed.newestId, delayed.counts, targets];
  const args = [...settleHead(fence, lane, letters), ...effects, ...settlements];
  const answer = await scripts.script(epoch, 'commit', [...settleKeys(lane, letters), ...others], args);
  const [outcome, index] = answer as [outcome: 'open' | 'lost' | Refusal, index: number];
  if (outcome === 'open') return 'committed';
  return outcome === 'lost' ? 'lost' : { refused: outcome, index };
}
