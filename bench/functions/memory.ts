/** What the state of many addresses takes in Redis, and what the worker that wrote it took itself. */
import type { RedisSession } from '@sluice/redis';
import { usageOf } from '@sluice/testkit';
import { BLOB } from './bodies.ts';
import { emptyLanes, fillLanes, LANES } from './fill-lanes.ts';
import { setStage } from './stage.ts';

export async function measureMemory(addresses: number): Promise<void> {
  await using stage = await setStage({ types: ['keep'], workers: ['function-worker'], settings: { lanes: LANES } });
  const before = await memoryOf(stage.session);
  await fillLanes(stage.session, 'bench/keep', addresses, addresses);
  await emptyLanes(stage.session, 'bench/keep');
  const bytes = (await memoryOf(stage.session)) - before;
  const state = BLOB.length;
  console.log(`\n${addresses} addresses with ${state} bytes of state: ${(bytes / 2 ** 20).toFixed(0)} MiB in Redis`);
  console.log(`  ${(bytes / addresses).toFixed(0)} bytes an address, ${(bytes / addresses - state).toFixed(0)} beside the value`);
  console.log(`  the worker's peak: ${(usageOf(stage.worker.pid).peakBytes / 2 ** 20).toFixed(0)} MiB`);
}

async function memoryOf(session: RedisSession): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await session.client.info('memory'))![1]);
}
