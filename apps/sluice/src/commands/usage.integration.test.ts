import { expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

it('says its version', async () => {
  expect(await runSluice(['--version'])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
});

it.each([[['lanes', '--unknown']], [['unknown']], [['rewind', 'in/orders']], [['rewind', 'in/orders', '--to', 'yesterday']], [['pause']]])(
  'ends with 2 for %j, which cannot be followed',
  async (args) => {
    expect(await runSluice(args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/./) });
  },
);
