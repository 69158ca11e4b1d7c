import { resolve } from 'node:path';
import { runNode } from '@sluice/testkit';
import { expect, it } from 'vitest';

const SLUICE = resolve(import.meta.dirname, '../apps/sluice/src/main.ts');

it.each([
  ['a quiet Kinesis', []],
  ['one that fails now and then', ['--chaos']],
])('the tour of functions greets every visitor with its count: %s', async (_, flags) => {
  const { code, stdout, stderr } = await runNode([
    SLUICE,
    'up',
    '--functions',
    '--records',
    '24',
    '--exit',
    '--rate',
    '50',
    '--board-port',
    '0',
    ...flags,
  ]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Hello Ada, nice to meet you!\n');
  expect(stdout).toContain('Hello Frances, welcome back: this is visit 3.\n');
  expect(stdout).toMatch(/\n24 visits, 24 greeted with the right count; 0 missing, \d+ repeated, 0 out of order/);
});
