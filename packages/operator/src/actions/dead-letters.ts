import { plural } from '@sluice/core';
import { z } from 'zod';
import { DeadLetterDesk } from '../dead-letters/dead-letter-desk.ts';
import { importedText, importLetters } from '../dead-letters/import-letters.ts';
import type { Operator } from '../operator.ts';
import { type ActionPlan, defineAction } from './action.ts';
import { linesInput } from './lines-input.ts';

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

const importSchema = z
  .strictObject({ lines: linesInput(), target: z.string().optional(), skip_broken: z.boolean().default(false) })
  .transform(({ lines, target, skip_broken: skipsBroken }) => ({ lines, target, skipsBroken }));

export const importDeadLetters = defineAction({
  name: 'dead_letters.import',
  title: 'Send dead letters again that were sent on',
  schema: importSchema,
  async plan({ session, keyPrefix }, { lines, ...options }) {
    const subject = options.target ?? 'all targets';
    if (!Array.isArray(lines)) return { lines: ['send the records of the lines again'], subject, facts: {}, changes: true };
    const desk = new DeadLetterDesk(session, keyPrefix);
    const imported = await importLetters(lines, options, (letters) => desk.check(letters));
    const { count } = imported;
    return { lines: [importedText(imported, 'could be sent again')], subject, facts: { count }, changes: count > 0 };
  },
  async run({ session, keyPrefix }, { lines, ...options }) {
    const desk = new DeadLetterDesk(session, keyPrefix);
    return { lines: [importedText(await importLetters(lines, options, (letters) => desk.send(letters)), 'sent again')] };
  },
});
