import type { ErrorReport } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import type { LaneJob } from '../receiver/lane-job.ts';
import type { LaneReceiver } from '../receiver/lane-receiver.ts';

type TestedJob = Pick<LaneJob, 'id' | 'records' | 'indexes' | 'attempts'>;

/** What the suite needs of an implementation. */
export interface LaneReceiverHarness<Job extends TestedJob> {
  /** A lane that holds one job for each list, with one record for each of its texts, and its owner, which has not taken it over yet. */
  openLane(...jobs: readonly (readonly string[])[]): Promise<LaneUnderTest<Job>>;
}

export interface LaneUnderTest<Job extends TestedJob> {
  readonly receiver: Pick<LaneReceiver<Job>, 'takeOver' | 'take' | 'settle' | 'handBack' | 'jobsInHand'>;
  /** The dead letters stored so far, in no order. */
  deadLetters(): Promise<readonly { readonly text: string; readonly code: string }[]>;
}

const TOO_LARGE: ErrorReport = { code: 'TOO_LARGE', disposition: 'reject', message: 'expected at most 1 MiB, got 2', details: {} };
const THROTTLED: ErrorReport = { code: 'THROTTLED', disposition: 'retry', message: 'slow down', details: {} };

/** What every lane must do for its owner. */
export function describeLaneReceiver<Job extends TestedJob>(name: string, harness: () => LaneReceiverHarness<Job>): void {
  describe(`lane receiver: ${name}`, () => {
    it('gives jobs out in their order, at most as many as asked', async () => {
      const { receiver } = await harness().openLane(['a1', 'a2'], ['b1'], ['c1']);
      await receiver.takeOver();
      expect([await textsOf(receiver, 2), await textsOf(receiver, 2), await textsOf(receiver, 2)]).toEqual([
        ['a1', 'a2', 'b1'],
        ['c1'],
        [],
      ]);
      expect(receiver.jobsInHand).toBe(3);
    });

    it('completes jobs of which nothing remains, in any order', async () => {
      const { receiver, deadLetters } = await harness().openLane(['a1'], ['b1'], ['c1']);
      await receiver.takeOver();
      const { jobs } = await receiver.take(3);
      await receiver.settle([settled(jobs[2]!), settled(jobs[0]!)]);
      expect(receiver.jobsInHand).toBe(1);
      expect(await receiver.takeOver()).toMatchObject({ returned: 1 });
      expect([await textsOf(receiver, 3), await deadLetters()]).toEqual([['b1'], []]);
    });

    it('remembers what remains of a job that stays in hand, and its numbers', async () => {
      const { receiver } = await harness().openLane(['a1', 'a2', 'a3', 'a4']);
      await receiver.takeOver();
      const { jobs } = await receiver.take(1);
      await receiver.settle([{ job: jobs[0]!, remaining: [1, 2, 3], deadLetters: [] }]);
      await receiver.settle([{ job: jobs[0]!, remaining: [1, 3], deadLetters: [] }]);
      expect(receiver.jobsInHand).toBe(1);
      await receiver.takeOver();
      const again = await receiver.take(1);
      expect(again.jobs.map((job) => [textsIn(job), job.indexes, job.attempts])).toEqual([[['a2', 'a4'], [1, 3], 0]]);
    });

    it('stores dead letters of several jobs in the same step, and completes the job of which nothing else remains', async () => {
      const { receiver, deadLetters } = await harness().openLane(['a1', 'a2', 'a3'], ['b1'], ['c1']);
      await receiver.takeOver();
      const { jobs } = await receiver.take(2);
      await receiver.settle([
        { job: jobs[0]!, remaining: [2], deadLetters: [{ index: 1, reason: TOO_LARGE }] },
        { job: jobs[1]!, remaining: [], deadLetters: [{ index: 0, reason: TOO_LARGE }] },
      ]);
      expect(receiver.jobsInHand).toBe(1);
      expect(sorted(await deadLetters())).toEqual([
        { text: 'a2', code: 'TOO_LARGE' },
        { text: 'b1', code: 'TOO_LARGE' },
      ]);
      await receiver.takeOver();
      expect(await textsOf(receiver, 3)).toEqual(['a3', 'c1']);
    });

    it('hands every job in hand back in order, with what remains of it and the attempt', async () => {
      const { receiver } = await harness().openLane(['a1', 'a2'], ['b1'], ['c1']);
      await receiver.takeOver();
      const { jobs } = await receiver.take(2);
      await receiver.handBack(
        [
          { job: jobs[1]!, remaining: [0] },
          { job: jobs[0]!, remaining: [1] },
        ],
        { reason: THROTTLED },
      );
      expect(receiver.jobsInHand).toBe(0);
      const again = await receiver.take(3);
      expect(again.jobs.map((job) => [textsIn(job), job.attempts])).toEqual([
        [['a2'], 1],
        [['b1'], 1],
        [['c1'], 0],
      ]);
    });

    it('completes a job that is handed back with nothing remaining', async () => {
      const { receiver } = await harness().openLane(['a1'], ['b1']);
      await receiver.takeOver();
      const { jobs } = await receiver.take(2);
      await receiver.handBack([
        { job: jobs[0]!, remaining: [] },
        { job: jobs[1]!, remaining: [0] },
      ]);
      expect((await receiver.take(2)).jobs.map(textsIn)).toEqual([['b1']]);
    });

    it('counts no attempt where nothing failed', async () => {
      const { receiver } = await harness().openLane(['a1']);
      await receiver.takeOver();
      const { jobs } = await receiver.take(1);
      await receiver.handBack([{ job: jobs[0]!, remaining: [0] }]);
      expect((await receiver.take(1)).jobs.map(({ attempts }) => attempts)).toEqual([0]);
    });
  });
}

const settled = <Job>(job: Job) => ({ job, remaining: [], deadLetters: [] });

const textsIn = ({ records }: TestedJob): string[] => records.map(({ data }) => Buffer.from(data).toString());

async function textsOf<Job extends TestedJob>(receiver: Pick<LaneReceiver<Job>, 'take'>, maxJobs: number): Promise<string[]> {
  return (await receiver.take(maxJobs)).jobs.flatMap(textsIn);
}

const sorted = <T extends { readonly text: string }>(letters: readonly T[]): T[] => letters.toSorted((a, b) => (a.text < b.text ? -1 : 1));
