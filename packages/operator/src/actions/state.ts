import { plural } from '@sluice/core';
import { z } from 'zod';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';
import { importLines } from '../state/import-lines.ts';
import { StateDesk } from '../state/state-desk.ts';
import { valueOfText } from '../state/value-text.ts';
import { defineAction } from './action.ts';
import { linesInput } from './lines-input.ts';

const setSchema = z.strictObject({
  type: z.string(),
  id: z.string(),
  name: z.string(),
  /** JSON for a built-in type other than string, else the text itself; or base64. */
  value: z.string(),
  typename: z.string().optional(),
  base64: z.boolean().default(false),
});

async function valueToSet(operator: Operator, { type, id, name, value: text, base64, typename: named }: z.output<typeof setSchema>) {
  const before = (await new StateDesk(operator).get(type, id)).find((value) => value.name === name);
  const typename = named ?? before?.typename;
  if (typename === undefined) throw new OperatorInputError(`expected --typename, since ${type} ${id} has no ${name} yet`);
  return { before, value: { type, id, name, typename, value: valueOfText(typename, text, base64) } };
}

export const setState = defineAction({
  name: 'state.set',
  title: 'Store a value',
  schema: setSchema,
  async plan(operator, input) {
    const { before, value } = await valueToSet(operator, input);
    const what = `${value.name} of ${value.type} ${value.id}`;
    return {
      lines: [`${before ? 'replace' : 'store'} ${what}: ${value.typename}, ${plural(value.value.length, 'byte')}`],
      subject: value.type,
      facts: { id: value.id, name: value.name, typename: value.typename, bytes: value.value.length },
      changes: true,
    };
  },
  async run(operator, input) {
    const { value } = await valueToSet(operator, input);
    await new StateDesk(operator).put([value]);
    return { lines: [`${value.name} of ${value.type} ${value.id} is set`] };
  },
});

const deleteSchema = z
  .strictObject({ type: z.string(), id: z.string(), names: z.array(z.string()).default([]), all: z.boolean().default(false) })
  .refine(({ names, all }) => all === (names.length === 0), 'expected the names of states, or --all');

async function namesOf(operator: Operator, { type, id, names, all }: z.output<typeof deleteSchema>): Promise<string[]> {
  return (await new StateDesk(operator).get(type, id)).map(({ name }) => name).filter((name) => all || names.includes(name));
}

export const deleteState = defineAction({
  name: 'state.delete',
  title: 'Delete values',
  schema: deleteSchema,
  async plan(operator, input) {
    const { type, id } = input;
    const names = await namesOf(operator, input);
    return {
      lines: [names.length === 0 ? `${type} ${id} has no such value` : `delete ${names.join(', ')} of ${type} ${id}`],
      subject: type,
      facts: { id, names },
      changes: names.length > 0,
    };
  },
  async run(operator, input) {
    const deleted = await new StateDesk(operator).delete(input.type, input.id, await namesOf(operator, input));
    return { lines: [`${plural(deleted, 'value')} deleted`] };
  },
});

export const importState = defineAction({
  name: 'state.import',
  title: 'Import state',
  schema: z.strictObject({
    lines: linesInput(),
    /** How many lanes a function type has that no worker has used yet. */
    lanes: z.int().positive().optional(),
  }),
  async plan(operator, { lines, lanes }) {
    if (!Array.isArray(lines))
      return { lines: ['store the values of the lines; those that are there are replaced'], subject: 'state', facts: {}, changes: true };
    const desk = new StateDesk(operator, { lanes });
    const values = await importLines(lines, (some) => desk.check(some));
    return {
      lines: [`${plural(values, 'value')} could be stored; those that are there are replaced`],
      subject: 'state',
      facts: { values },
      changes: values > 0,
    };
  },
  async run(operator, { lines, lanes }) {
    const desk = new StateDesk(operator, { lanes });
    return { lines: [`${plural(await importLines(lines, (values) => desk.put(values)), 'value')} stored`] };
  },
});
