import { expect, it } from 'vitest';
import { importLines } from './import-lines.ts';
import type { StateValue } from './state-value.ts';

it('stores lines in their order, some at a time, and skips empty ones', async () => {
  const { stored, store } = storage();
  const lines = Array.from({ length: 450 }, (_, index) => line(`id-${index}`));

  await expect(importLines(from([...lines, '', '  ']), store)).resolves.toBe(450);

  expect(stored.map((values) => values.length)).toEqual([200, 200, 50]);
  expect(stored.flat().map(({ id }) => id)).toEqual(Array.from({ length: 450 }, (_, index) => `id-${index}`));
});

it('stores no more than about a mebibyte at a time', async () => {
  const { stored, store } = storage();
  await importLines(from(Array.from({ length: 5 }, (_, index) => line(`id-${index}`, 400 * 1_024))), store);
  expect(stored.map((values) => values.length)).toEqual([3, 2]);
});

it('stores what stands before a bad line, and names the line', async () => {
  const { stored, store } = storage();
  await expect(importLines(from([line('a'), '', '{}', line('b')]), store)).rejects.toThrow('line 3 of the import: expected a text as type');
  expect(stored.flat().map(({ id }) => id)).toEqual(['a']);
});

function storage() {
  const stored: (readonly StateValue[])[] = [];
  return {
    stored,
    store: async (values: readonly StateValue[]) => {
      stored.push(values);
    },
  };
}

const line = (id: string, bytes = 1): string =>
  JSON.stringify({ type: 'a/b', id, name: 'n', typename: 'c/d', value_base64: Buffer.alloc(bytes).toString('base64') });

async function* from(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
