import { plural } from '@sluice/core';
import { z } from 'zod';
import { DeadLetterDesk } from '../dead-letters/dead-letter-desk.ts';
import type { Operator } from '../operator.ts';
import { type ActionPlan, defineAction } from './action.ts';

const schema = z
  .strictObject({ target: z.string().optional(), ids: z.array(z.string()).default([]), all: z.boolean().default(false) })
  .refine(({ ids, all }) => all === (ids.length === 0), 'expected the ids of dead letters, or --all')
  .transform(({ target, ids, all }) => ({ target, ids, isAll: all }));

type Selection = z.output<typeof schema>;

async function plan({ session, keyPrefix }: Operator, selection: Selection, verb: string): Promise<ActionPlan> {
  const { target, ids, isAll } = selection;
  const desk = new DeadLetterDesk(session, keyPrefix);
  const count = isAll ? await desk.countAll(target) : (await Promise.all(ids.map((id) => desk.find(id, target)))).length;
  const of = target === undefined ? '' : ` of ${target}`;
  return {
    lines: [count === 0 ? `no dead letters${of}` : `${verb} ${plural(count, 'dead letter')}${of}`],
    subject: target ?? 'all targets',
    facts: { count, ...(!isAll && { ids }) },
    changes: count > 0,
  };
}

export const redriveDeadLetters = defineAction({
  name: 'dead_letters.redrive',
  title: 'Send dead letters again',
  schema,
  plan: (operator, selection) => plan(operator, selection, 'redrive'),
  async run({ session, keyPrefix }, selection) {
    const done = await new DeadLetterDesk(session, keyPrefix).redrive(selection);
    return { lines: [`${plural(done, 'dead letter')} sent again`] };
  },
});

export const removeDeadLetters = defineAction({
  name: 'dead_letters.remove',
  title: 'Remove dead letters and their records',
  schema,
  plan: (operator, selection) => plan(operator, selection, 'remove'),
  async run({ session, keyPrefix }, selection) {
    const done = await new DeadLetterDesk(session, keyPrefix).remove(selection);
    return { lines: [`${plural(done, 'dead letter')} removed`] };
  },
});
