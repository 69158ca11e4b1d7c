import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Keeps 50,000 objects at a time alive for a while, in steps as a worker does, and tells how large the new space became, in MiB. */
const CHURN = `
  const held = [];
  for (let count = 0; count < 4_000_000; count++) {
    held[count % 50_000] = { count };
    if (count % 10_000 === 0) await new Promise(setImmediate);
  }
  const { getHeapSpaceStatistics } = await import('node:v8');
  process.stdout.write(String(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20));
`;

it('lets the new space grow, but not without bounds', async () => {
  const module = new URL('bound-heap.ts', import.meta.url);
  const [bounded, unbounded] = await Promise.all([newSpaceOf(`await import('${module}'); ${CHURN}`), newSpaceOf(CHURN)]);
  expect(bounded).toBeGreaterThanOrEqual(8);
  expect(bounded).toBeLessThan(16);
  expect(unbounded).toBeGreaterThan(16);
});

async function newSpaceOf(code: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  return Number(stdout);
}
