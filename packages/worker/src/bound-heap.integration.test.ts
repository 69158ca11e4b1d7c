import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Keeps 50,000 objects at a time alive for a while. `newSpace` is in MiB. */
const CHURN = `
  const { getHeapSpaceStatistics } = await import('node:v8');
  const newSpace = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20;
  const held = [];
  const churn = (objects) => {
    for (let count = 0; count < objects; count++) held[count % 50_000] = { count };
  };
`;
/** As modules are loaded: nothing else gets its turn. */
const AT_ONCE = `${CHURN} churn(2_000_000); process.stdout.write(String(newSpace()));`;
/** As a worker does, until the new space has grown. A step fills less of it than a collection waits for: it is looked at after each of them. */
const IN_STEPS = `
  ${CHURN}
  for (let step = 0; step < 400 || newSpace() < 8; step++) {
    churn(10_000);
    await new Promise(setImmediate);
  }
  process.stdout.write(String(newSpace()));
`;
const BOUND = `await import('${new URL('bound-heap.ts', import.meta.url)}');`;

it('lets the new space grow, but not without bounds', async () => {
  const bounded = await newSpaceOf(`${BOUND} ${IN_STEPS}`);
  expect(bounded).toBeGreaterThanOrEqual(8);
  expect(bounded).toBeLessThan(32);
});

it('keeps it from growing while modules are loaded', async () => {
  expect(await newSpaceOf(`${BOUND} ${AT_ONCE}`)).toBeLessThan(8);
  expect(await newSpaceOf(AT_ONCE)).toBeGreaterThan(8);
});

async function newSpaceOf(code: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  return Number(stdout);
}
