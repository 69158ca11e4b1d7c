import { resolve } from 'node:path';
import { runNode } from '@sluice/testkit';
import { expect, it } from 'vitest';

const SLUICE = resolve(import.meta.dirname, '../apps/sluice/src/main.ts');

const ARGUMENTS = ['up', '--functions', '--records', '24', '--exit', '--rate', '50', '--board-port', '0'];

it.each([
  // From the sources, as `npm start` does in a checkout.
  ['a quiet Kinesis', [], { PROGRAMS_UNDER_TEST: undefined }],
  ['one that fails now and then', ['--chaos'], {}],
])('the tour of functions greets every visitor with its count: %s', async (_, flags, env) => {
  const { code, stdout, stderr } = await runNode([SLUICE, ...ARGUMENTS, ...flags], { env });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Hello Ada, nice to meet you!\n');
  expect(stdout).toContain('Hello Frances, welcome back: this is visit 3.\n');
  expect(stdout).toMatch(/\n24 visits, 24 greeted with the right count; 0 missing, \d+ repeated, 0 out of order/);
});
