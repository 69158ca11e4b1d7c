import { plural } from '@sluice/core';
import { z } from 'zod';
import { readTargets } from '../lanes/read-targets.ts';
import { setLanes } from '../lanes/set-lanes.ts';
import { defineAction } from './action.ts';

const fault = ({ input }: { readonly input: unknown }) => `expected a whole number of lanes from 1, got ${input}`;
const lanes = z.int({ error: fault }).min(1, { error: fault });

export const resizeLanes = defineAction({
  name: 'lanes.resize',
  title: 'Change the number of lanes',
  schema: z.strictObject({ target: z.string(), lanes }),
  async plan({ session, keyPrefix }, { target, lanes }) {
    const [state] = await readTargets(session, keyPrefix, target);
    const from = state!.lanes.length;
    return {
      lines: [`give ${target} ${plural(lanes, 'lane')} instead of ${from}`],
      ...{ subject: target, facts: { from, to: lanes }, changes: true },
    };
  },
  async run(operator, { target, lanes }) {
    await setLanes(operator, target, lanes);
    return { lines: [`${target} has ${plural(lanes, 'lane')} now; configure that number everywhere`] };
  },
});
