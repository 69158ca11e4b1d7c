import { type Clock, systemClock } from '@sluice/core';
import { readLaneCounts } from '@sluice/queue';
import { startRedisProxy } from '@sluice/redis/testing';
import { expect, it } from 'vitest';
import { LANES, TARGET } from './testing/egress.ts';
import { ambiguousOf, audit, feed, type Rig, startRig, until } from './testing/egress-rig.ts';
import { recordOf } from './testing/fake-lane.ts';

const fed = { keys: 20, perKey: 50 };
const SPEED = 3;
/** Runs ahead, so that half a minute of failing takes some seconds. Its leases last for as long as those of others. */
const quickClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * SPEED,
  setTimeout: (callback, delayMs) => systemClock.setTimeout(callback, delayMs / SPEED),
};
const quick = { clock: quickClock, lease: { ttlMs: 5_000 * SPEED, renewIntervalMs: 1_000 * SPEED } };

it('gives its lanes to a healthy worker once it alone is cut off from Kinesis for long, and takes its share again when it reaches it', async () => {
  await using rig = await startRig();
  await using link = await startRedisProxy(rig.emulator.endpoint.replace('http:', 'redis:'));
  const cutOff = await rig.startWorker({}, { ...quick, workerId: 'cut-off', endpoint: `http://127.0.0.1:${link.port}` });
  const healthy = await rig.startWorker({}, { ...quick, workerId: 'healthy' });
  await untilShared(rig, { 'cut-off': 2, healthy: 2 });

  // A cut that passes moves nothing.
  link.close();
  await enqueueOneALane(rig, 'first');
  await until(() => cutOff.events.some(({ type }) => type === 'request.failed'));
  link.open();
  await untilEmpty(rig);
  expect(timesYielded(cutOff)).toBe(0);

  // One that lasts does, although Redis is within reach all the time, and only once.
  link.close();
  await feed(rig.sender, fed);
  await untilShared(rig, { healthy: 4 });
  expect([cutOff.isReady(), healthy.isReady()]).toEqual([false, true]);
  await untilEmpty(rig);
  const { missing, repeated, outOfOrder } = audit(
    (await rig.readAll()).filter((text) => text.startsWith('k')),
    fed,
  );
  expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
  expect(repeated).toBeLessThanOrEqual(ambiguousOf(cutOff) + ambiguousOf(healthy));
  expect([timesYielded(cutOff), timesYielded(healthy)]).toEqual([1, 0]);

  link.open();
  await untilShared(rig, { 'cut-off': 2, healthy: 2 });
  await enqueueOneALane(rig, 'last');
  await untilEmpty(rig);
  expect(new Set((await rig.readAll()).filter((text) => text.startsWith('last'))).size).toBe(LANES);
});

/** Not every lease that is lost: on a busy machine one may also expire. */
const timesYielded = ({ events }: { readonly events: readonly { readonly type: string }[] }): number =>
  events.filter(({ type }) => type === 'egress.yielded').length;

async function enqueueOneALane({ sender, session }: Rig, text: string): Promise<void> {
  const batches = Array.from({ length: LANES }, (_, lane) => ({ lane, records: [recordOf(`${text}${lane}-0`)] }));
  await sender.enqueue(batches, session.epoch);
}

const untilEmpty = ({ session }: Rig): Promise<void> =>
  until(async () => (await readLaneCounts(session, { target: TARGET })).every(({ records }) => records === 0));

/** Resolves once each worker holds so many lanes. */
const untilShared = ({ session }: Rig, wanted: Readonly<Record<string, number>>): Promise<void> =>
  until(async () => {
    const owners = (await readLaneCounts(session, { target: TARGET })).map(({ worker }) => worker);
    return Object.entries(wanted).every(([worker, lanes]) => owners.filter((owner) => owner === worker).length === lanes);
  });
