import { type Clock, type SluiceRecord, systemClock } from '@sluice/core';
import { listDeadLetters } from '@sluice/queue';
import { expect, it } from 'vitest';
import { TARGET } from './testing/egress.ts';
import { type Rig, startRig, until } from './testing/egress-rig.ts';

const KIB = 1_024;
/** Timers of minutes, which are those of the regular looks, end after 20 ms. */
const hasty: Clock = { ...systemClock, setTimeout: (callback, ms) => systemClock.setTimeout(callback, ms >= 200_000 ? 20 : ms) };

it('writes larger records once the stream takes them, and refuses them by the new limit once it does not', async () => {
  await using rig = await startRig({ streams: { out: 1 } });
  await rig.startWorker({}, { clock: hasty });
  const stream = rig.emulator.account.streams()[0]!;
  await send(rig, 'a', [10, 1_500, 20]);
  await until(async () => (await limitsRefusedBy(rig)).includes(1_024));

  stream.maxRecordKiB = 3_072;
  await until(async () => {
    await send(rig, 'raised', [1_500]);
    return (await sizesOf(rig, 'raised')).length > 0;
  });
  await send(rig, 'b', [30, 1_600, 40]);
  await until(async () => (await sizesOf(rig, 'b')).length === 3);
  expect([await sizesOf(rig, 'a'), await sizesOf(rig, 'b')]).toEqual([
    [10, 20],
    [30, 1_600, 40],
  ]);

  stream.maxRecordKiB = 1_280;
  await until(async () => {
    await send(rig, 'lowered', [1_500]);
    return (await limitsRefusedBy(rig)).includes(1_280);
  });
});

/** Puts records of one key into its lane. */
async function send({ sender, session }: Rig, partitionKey: string, sizesKiB: readonly number[]): Promise<void> {
  const records = sizesKiB.map((size): SluiceRecord => ({ partitionKey, data: Buffer.alloc(size * KIB, partitionKey), metadata: {} }));
  await sender.enqueue([{ lane: sender.laneOf(partitionKey), records }], session.epoch);
}

/** What of a key is in the stream, in KiB. */
async function sizesOf({ readRecords }: Rig, key: string): Promise<number[]> {
  return (await readRecords('out')).flatMap(({ partitionKey, text }) => (partitionKey === key ? [text.length / KIB] : []));
}

/** The limits that made dead letters, in KiB. */
async function limitsRefusedBy({ session }: Rig): Promise<number[]> {
  const letters = await listDeadLetters(session, { target: TARGET });
  return letters.flatMap(({ reason }) => (reason.code === 'RECORD_TOO_LARGE' ? [Number(reason.details?.['maxBytes']) / KIB] : []));
}
