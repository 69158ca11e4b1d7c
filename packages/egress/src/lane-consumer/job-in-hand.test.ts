import { describe, expect, it } from 'vitest';
import { RecordRefusedError } from '../errors.ts';
import { recordOf } from '../testing/fake-lane.ts';
import { JobInHand } from './job-in-hand.ts';

describe('JobInHand', () => {
  it('counts each record once, whatever it hears of it again', () => {
    const job = jobOf('a1', 'a2');
    job.settle(0, undefined);
    job.settle(0, undefined);
    job.settle(0, refused());
    expect([job.isFinished, job.hasRejections, job.unstored]).toEqual([false, false, 1]);
  });

  it('says what to store, and forgets of it only what was known when that was asked', () => {
    const job = jobOf('a1', 'a2', 'a3', 'a4');
    job.settle(0, undefined);
    job.settle(1, refused());
    const { settlement, stored } = job.settlement();
    job.settle(2, refused());
    job.settle(3, undefined);

    expect(settlement).toMatchObject({ remaining: [12, 13], deadLetters: [{ index: 11, reason: { code: 'RECORD_REFUSED' } }] });
    expect(stored()).toHaveLength(1);
    expect([job.isFinished, job.hasRejections, job.unstored]).toEqual([true, true, 1]);
    expect(job.unfinished().remaining).toEqual([12]);
  });
});

const refused = () => new RecordRefusedError('ValidationException', 'no', 'out');

/** A job whose records are the last of their batch. */
function jobOf(...texts: string[]): JobInHand {
  const indexes = texts.map((_, place) => 10 + place);
  return new JobInHand(
    { id: '1', records: texts.map(recordOf), indexes, bytes: 1, attempts: 0, enqueuedAtMs: 0 },
    'out/0',
    () => undefined,
  );
}
