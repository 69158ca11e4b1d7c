import { createHash } from 'node:crypto';
import type { SluiceRecord } from '@sluice/core';
import { getDeadLetter, listDeadLetters, readLaneCounts } from '@sluice/queue';
import { expect, it } from 'vitest';
import { TARGET } from './testing/egress.ts';
import { startRig, until } from './testing/egress-rig.ts';

const JOBS = 40;
const RECORDS_A_JOB = 20;
const RECORD_BYTES = 25_000;
const BUDGET = { bytes: 12 * 1024 * 1024, records: 10_000 };

it('writes each record whole, although the memory of jobs is used again while requests fail and records are rejected', async () => {
  await using rig = await startRig({ faults: { PutRecords: { recordErrorRate: 0.1, errorRate: 0.1, lostReplyRate: 0.05 } } });
  const hasNoKey = (number: number) => number % 50 === 7;
  const fed = Array.from({ length: JOBS * RECORDS_A_JOB }, (_, number) => recordOf(number, hasNoKey(number) ? '' : `key-${number % 100}`));
  for (let job = 0; job < JOBS; job++) {
    await rig.sender.enqueue(
      [{ lane: job % 4, records: fed.slice(job * RECORDS_A_JOB, (job + 1) * RECORDS_A_JOB) }],
      rig.sender.session.epoch,
    );
  }
  await rig.startWorker({ budget: BUDGET, maxInFlight: 4, limits: { maxRecords: 30, maxBytes: 10 * 1024 * 1024 } });

  await until(async () => (await readLaneCounts(rig.session, { target: TARGET })).every(({ waiting, active }) => waiting + active === 0));
  const letters = await listDeadLetters(rig.session, { target: TARGET });
  const rejected = await Promise.all(letters.map(({ id }) => getDeadLetter(rig.session, { target: TARGET, id })));
  expect(contentsOf(rejected.map((letter) => letter!.record))).toEqual(contentsOf(fed.filter(({ partitionKey }) => partitionKey === '')));
  const written = (await rig.readData('out')).map((data) => ({ data }));
  expect(contentsOf(written)).toEqual(contentsOf(fed.filter(({ partitionKey }) => partitionKey !== '')));
});

/** Noise of its own for each record, so that a part of another one shows. */
function recordOf(number: number, partitionKey: string): SluiceRecord {
  const noise = createHash('sha256').update(String(number)).digest('base64url');
  return { partitionKey, data: Buffer.from(noise.repeat(Math.ceil(RECORD_BYTES / noise.length))), metadata: {} };
}

/** Each once, since an answer that was lost repeats records. */
const contentsOf = (records: readonly Pick<SluiceRecord, 'data'>[]): Set<string> =>
  new Set(records.map(({ data }) => createHash('sha256').update(data).digest('hex')));
