import { plural } from '@sluice/core';
import { z } from 'zod';
import { FunctionsDesk } from '../functions/functions-desk.ts';
import type { Operator } from '../operator.ts';
import { type ActionPlan, defineAction } from './action.ts';

const schema = z
  .strictObject({ type: z.string(), id: z.string().optional(), all: z.boolean().default(false) })
  .refine(({ id, all }) => all === (id === undefined), 'expected the id of an address, or --all');

type Choice = z.output<typeof schema>;

/** The ids of the parked addresses that are meant. */
async function chosen(desk: FunctionsDesk, { type, id }: Choice): Promise<string[]> {
  if (id !== undefined) return [(await desk.find(type, id)).id];
  return (await desk.list(type)).flatMap((one) => (one.parking ? [one.id] : []));
}

async function plan({ session, keyPrefix }: Operator, choice: Choice, what: (who: string) => string): Promise<ActionPlan> {
  const ids = await chosen(new FunctionsDesk(session, keyPrefix), choice);
  const who = choice.id === undefined ? plural(ids.length, 'address', 'addresses') : choice.id;
  return {
    lines: [ids.length === 0 ? `no address of ${choice.type} is parked` : what(`${who} of ${choice.type}`)],
    subject: choice.type,
    facts: choice.id === undefined ? { count: ids.length } : { id: choice.id },
    changes: ids.length > 0,
  };
}

export const retryFunctions = defineAction({
  name: 'functions.retry',
  title: 'Try parked addresses again now',
  schema,
  plan: (operator, choice) => plan(operator, choice, (who) => `try ${who} again now`),
  async run({ session, keyPrefix }, choice) {
    const desk = new FunctionsDesk(session, keyPrefix);
    let tried = 0;
    for (const id of await chosen(desk, choice)) if (await desk.retry(choice.type, id)) tried += 1;
    return { lines: [`${plural(tried, 'address', 'addresses')} tried again now`] };
  },
});

export const skipFunctions = defineAction({
  name: 'functions.skip',
  title: 'Make the message that fails a dead letter',
  schema,
  plan: (operator, choice) => plan(operator, choice, (who) => `make the first message of ${who} a dead letter, and try the next`),
  async run({ session, keyPrefix }, choice) {
    const desk = new FunctionsDesk(session, keyPrefix);
    const lines: string[] = [];
    for (const id of await chosen(desk, choice)) lines.push(`dead letter ${await desk.skip(choice.type, id)}`);
    return { lines };
  },
});
