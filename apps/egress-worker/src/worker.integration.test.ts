import { readLaneCounts } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { audit, feed, startRig, TARGET, until } from './testing/egress-rig.ts';

describe('the egress-worker', () => {
  it('writes every record of its lanes, in order, and empties them', async () => {
    await using rig = await startRig();
    const fed = { keys: 20, perKey: 200 };
    const total = await feed(rig.sender, fed);
    await rig.startWorker();

    await until(async () => (await rig.readAll()).length >= total);
    expect(audit(await rig.readAll(), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
    await until(async () => (await waiting(rig)) === 0);
  });
});

const waiting = async ({ session }: Awaited<ReturnType<typeof startRig>>): Promise<number> =>
  (await readLaneCounts(session, { target: TARGET })).reduce((sum, { records }) => sum + records, 0);
