import { plural, sleep, systemClock } from '@sluice/core';
import { writerGroupKey } from '@sluice/redis';
import { z } from 'zod';
import { OperatorInputError } from '../errors.ts';
import { membersOf } from '../groups/find-group.ts';
import { readTargets, type TargetState } from '../lanes/read-targets.ts';
import { resizeTarget } from '../lanes/resize-target.ts';
import { targetKind } from '../lanes/target-kind.ts';
import type { Operator } from '../operator.ts';
import { defineAction } from './action.ts';
import { timeoutMs } from './timeout.ts';

const fault = ({ input }: { readonly input: unknown }) => `expected a whole number of lanes from 1 to 1024, got ${input}`;
const lanes = z.int({ error: fault }).min(1, { error: fault }).max(1_024, { error: fault });

const by = z.enum(['key', 'shard']).optional();
const LAID = {
  key: 'lay the records of each key into a lane, wherever they come from',
  shard: 'lay all records of a source shard into one lane, as `ordering: shard` needs it',
};

const LOOK_MS = 100;
/** How long workers may take to share out the lanes. */
const OWNED_MS = 10_000;

export const resizeLanes = defineAction({
  name: 'lanes.resize',
  title: 'Change the number of lanes',
  schema: z.strictObject({ target: z.string(), lanes, by, timeoutMs }),
  async plan(operator, { target, lanes, by }) {
    const state = await stateOf(operator, target);
    const from = state.lanes.length;
    if (by === 'shard') await requireEgress(operator, target);
    const records = state.lanes.reduce((sum, lane) => sum + lane.records, 0);
    return {
      lines: [
        `give ${target} ${plural(lanes, 'lane')} instead of ${from}, while workers run`,
        ...(by === undefined ? [] : [LAID[by]]),
        `what sends to it holds back until its lanes are empty, now with ${plural(records, 'record')}${state.paused ? '; it is paused, and has to be resumed first unless they are empty' : ''}`,
        'ingresses that feed it read nothing meanwhile, for other targets neither; what functions remember moves along',
      ],
      ...{ subject: target, facts: { from, to: lanes, ...(by && { by }) }, changes: true },
    };
  },
  async run(operator, { target, lanes, by, timeoutMs }, { tell }) {
    await resizeTarget(operator, { target, lanes, layout: by, timeoutMs, tell });
    const owned = await ownedLanes(operator, target);
    return {
      lines: [
        `${target} has ${plural(lanes, 'lane')} now; configure that number, until then workers warn of it`,
        ...(by === 'shard' ? ['its lanes are laid by shard; configure `ordering: shard`'] : []),
        ...(owned === undefined ? [] : [`${owned} of them have an owner`]),
      ],
    };
  },
});

/** Messages of a function are for addresses, each of which has one lane. */
async function requireEgress(operator: Operator, target: string): Promise<void> {
  const kind = await targetKind(operator, target);
  if (kind === 'egress') return;
  throw new OperatorInputError(
    kind === 'function'
      ? `expected an egress for a layout by shard, found the function ${target}: the messages of an address share a lane, whatever shard they come from`
      : `expected an egress for a layout by shard, found ${target}, of which no worker says what it is: start its egress-worker first`,
  );
}

const stateOf = async ({ session, keyPrefix }: Operator, target: string): Promise<TargetState> =>
  (await readTargets(session, keyPrefix, target))[0]!;

/** How many lanes have an owner, once all have or some time has passed; `undefined` where there is nobody to own them. */
async function ownedLanes(operator: Operator, target: string): Promise<number | undefined> {
  const { session, keyPrefix } = operator;
  const deadline = systemClock.monotonic() + OWNED_MS;
  for (;;) {
    const { lanes, paused } = await stateOf(operator, target);
    if (paused || (await membersOf(session, writerGroupKey(keyPrefix, target))) === 0) return undefined;
    const owned = lanes.filter(({ owner }) => owner !== null).length;
    if (owned === lanes.length || systemClock.monotonic() >= deadline) return owned;
    await sleep(systemClock, LOOK_MS);
  }
}
