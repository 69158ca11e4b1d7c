import { readLaneCounts } from '@sluice/queue';
import { Stopwatch } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { TARGET } from './testing/egress.ts';
import { audit, feed, startRig, until } from './testing/egress-rig.ts';
import { startTap } from './testing/tap.ts';

const fed = { keys: 20, perKey: 200 };
const slow = { limits: { maxRecords: 40, maxBytes: 1e6 }, maxInFlight: 4, ordering: 'strict' } as const;
/** Short, so that a take-over comes soon; requests then have to end within 800 ms. */
const shortLease = { lease: { ttlMs: 1_500, renewIntervalMs: 300 }, egress: { ...slow, requestTimeoutMs: 800 } };

describe('egress-worker processes', () => {
  it('lose nothing and keep order when one is killed and another takes its lanes over', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [10, 30] } } });
    await feed(rig.sender, { ...fed, perJob: 50 });
    const first = rig.spawnWorker(shortLease);
    await until(async () => (await rig.readAll()).length > 200);
    await first.kill();
    rig.spawnWorker(shortLease);

    await untilEmpty(rig);
    const { missing, repeated, outOfOrder } = audit(await rig.readAll(), fed);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
    // What was written and not yet acknowledged when the process died comes again: at most what it had in hand.
    expect(repeated).toBeLessThan(4_000);
  });

  it('end within two seconds of SIGTERM in mid-stream, with nothing lost or repeated', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [300, 900] } } });
    await feed(rig.sender, { ...fed, perJob: 50 });
    const first = rig.spawnWorker({ egress: { ...slow, ordering: 'key' } });
    await until(async () => (await rig.readAll()).length > 100);
    using stopwatch = new Stopwatch();
    await expect(first.stop()).resolves.toBe(0);
    expect(stopwatch.stop()).toBeLessThan(2_000);

    rig.emulator.faults.clear();
    rig.spawnWorker();
    await untilEmpty(rig);
    expect(audit(await rig.readAll(), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
  });

  it('send nothing for a lease that ended while the process was stopped', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [10, 30] } } });
    await using tap = await startTap(rig.emulator.endpoint);
    await feed(rig.sender, { ...fed, perJob: 50 });
    const first = rig.spawnWorker({ ...shortLease, endpoint: tap.endpoint });
    await until(async () => (await rig.readAll()).length > 200);
    first.signal('SIGSTOP');
    const second = rig.spawnWorker(shortLease);
    await second.logged('lease claimed');
    // What was on the wire at the stop has long been read by now.
    const claimedAt = performance.now();
    await until(async () => (await rig.readAll()).length > 1_000);
    const continuedAt = performance.now();
    first.signal('SIGCONT');

    await untilEmpty(rig);
    await first.logged('lease lost');
    // For a moment after its return nobody gives the first worker a lane, so whatever it sends is for a lease that ended. The stop may
    // have fallen between its look at the lease and a write.
    expect(tap.sentBetween(claimedAt, continuedAt + 200)).toBeLessThanOrEqual(1);
    const { missing, outOfOrder } = audit(await rig.readAll(), fed);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
  });
});

const untilEmpty = ({ session }: Awaited<ReturnType<typeof startRig>>): Promise<void> =>
  until(async () => (await readLaneCounts(session, { target: TARGET })).every(({ records }) => records === 0));
