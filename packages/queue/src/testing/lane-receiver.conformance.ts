import type { ErrorReport, SluiceRecord } from '@sluice/core';
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
  readonly effects: EffectsUnderTest;
}

/** What the effects of a lane have left. Keys and targets are the test's own. */
export interface EffectsUnderTest {
  field(key: string, field: string): Promise<string | undefined>;
  list(key: string): Promise<readonly string[]>;
  /** Sets a field, as another process would. */
  set(key: string, field: string, value: string): Promise<void>;
  /** Texts sent to a lane, in order. */
  sent(target: string, lane: number): Promise<readonly string[]>;
  /** How many messages of a target wait to be sent later. */
  delayed(target: string): Promise<number>;
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

    it('gives out no further job once those given hold more than is enough', async () => {
      const { receiver } = await harness().openLane(['a1', 'a2'], ['b1'], ['c1'], ['d1']);
      await receiver.takeOver();
      const taken = async (records: number, bytes = 1e9) => (await receiver.take(9, { bytes, records })).jobs.flatMap(textsIn);
      expect([await taken(1), await taken(1), await taken(9, 1)]).toEqual([['a1', 'a2'], ['b1', 'c1'], ['d1']]);
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

    describeEffects(harness);
  });
}

/** What every lane must do with effects. */
function describeEffects<Job extends TestedJob>(harness: () => LaneReceiverHarness<Job>): void {
  describe('effects', () => {
    it('are applied in their order, together with the settlement', async () => {
      const { receiver, effects, names } = await taken(harness(), ['a1', 'a2']);
      const { key, list, target } = names;
      await receiver.settle([{ job: receiver.jobs[0]!, remaining: [1], deadLetters: [] }], {
        guards: [{ key, field: 'edits', expected: undefined }],
        operations: [
          { type: 'command', command: ['HSET', key, 'one', '1', 'two', '2'] },
          { type: 'command', command: ['HDEL', key, 'one'] },
          { type: 'command', command: ['HINCRBY', key, 'two', '5'] },
          { type: 'command', command: ['RPUSH', list, 'x', 'y'] },
          { type: 'send', target, lanes: 1, records: [record('first'), record('second')] },
          { type: 'command', command: ['LPOP', list, '1'] },
          { type: 'send', target, lanes: 1, records: [record('third')] },
        ],
      });
      expect([await effects.field(key, 'one'), await effects.field(key, 'two'), await effects.list(list)]).toEqual([undefined, '7', ['y']]);
      expect(await effects.sent(target, 0)).toEqual(['first', 'second', 'third']);
      await receiver.takeOver();
      expect(await textsOf(receiver, 5)).toEqual(['a2']);
    });

    it.each([
      ['holds another value', '2', '1'],
      ['holds a value where none was expected', '2', undefined],
      ['holds none where one was expected', undefined, '1'],
    ])('are not applied, nor is anything settled, where the field of a guard %s', async (_, found, expected) => {
      const { receiver, effects, names, deadLetters } = await taken(harness(), ['a1']);
      const { key, target } = names;
      if (found !== undefined) await effects.set(key, 'edits', found);
      const attempt = receiver.settle([{ job: receiver.jobs[0]!, remaining: [], deadLetters: [{ index: 0, reason: TOO_LARGE }] }], {
        guards: [
          { key, field: 'other', expected: undefined },
          { key, field: 'edits', expected },
        ],
        operations: [
          { type: 'command', command: ['HSET', key, 'one', '1'] },
          { type: 'send', target, lanes: 1, records: [record('first')] },
        ],
      });
      await expect(attempt).rejects.toMatchObject({ code: 'GUARD_FAILED', failed: 'guard', index: 1 });
      expect([await effects.field(key, 'one'), await effects.sent(target, 0), await deadLetters()]).toEqual([undefined, [], []]);
      expect(receiver.jobsInHand).toBe(1);
      await receiver.settle([settled(receiver.jobs[0]!)], { guards: [{ key, field: 'edits', expected: found }], operations: [] });
      expect(receiver.jobsInHand).toBe(0);
    });

    it('are not applied where a job is not in hand any more, and none of the jobs is settled', async () => {
      const { receiver, effects, names } = await taken(harness(), ['a1'], ['b1']);
      const [first, second] = receiver.jobs;
      await receiver.settle([settled(first!)]);
      const attempt = receiver.settle([settled(second!), settled(first!)], {
        guards: [],
        operations: [{ type: 'command', command: ['HSET', names.key, 'one', '1'] }],
      });
      await expect(attempt).rejects.toMatchObject({ code: 'STALE_JOB' });
      expect(await effects.field(names.key, 'one')).toBeUndefined();
      await receiver.takeOver();
      expect(await textsOf(receiver, 5)).toEqual(['b1']);
    });

    it('store a dead letter, under its id once', async () => {
      const { receiver, names, deadLetters } = await taken(harness(), ['a1']);
      const letter = { type: 'deadLetter', id: names.key, record: record('bad'), reason: TOO_LARGE } as const;
      await receiver.settle([settled(receiver.jobs[0]!)], { guards: [], operations: [letter] });
      await receiver.settle([], { guards: [], operations: [letter] });
      expect(await deadLetters()).toEqual([{ text: 'bad', code: 'TOO_LARGE' }]);
    });

    it('refuse a token that is pending, by the sender’s id, unless it is freed before', async () => {
      const { receiver, effects, names } = await taken(harness(), ['a1']);
      const { target, key } = names;
      const later = (sender: string, token?: string) =>
        ({ type: 'delay', target, lanes: 1, record: record('later'), delayMs: 3_600_000, sender, token }) as const;
      const free = (sender: string, token: string) => ({ type: 'cancel', sender, token }) as const;
      const [sender, other] = [`${target}-1`, `${target}-2`];
      await receiver.settle([], { guards: [], operations: [later(sender, 't'), later(other, 't'), later(sender), later(sender)] });
      expect(await effects.delayed(target)).toBe(4);
      const refused = [{ type: 'command', command: ['HSET', key, 'one', '1'] } as const, later(sender), later(sender, 't')];
      await expect(receiver.settle([settled(receiver.jobs[0]!)], { guards: [], operations: refused })).rejects.toMatchObject({
        code: 'GUARD_FAILED',
        failed: 'token',
        index: 2,
      });
      expect([await effects.field(key, 'one'), await effects.delayed(target), receiver.jobsInHand]).toEqual([undefined, 4, 1]);

      await receiver.settle([], { guards: [], operations: [free(sender, 't'), free(sender, 'unknown'), later(sender, 't')] });
      expect(await effects.delayed(target)).toBe(4);
      const twice = [later(sender, 'u'), free(sender, 'u'), later(sender, 'u')];
      await receiver.settle([], { guards: [], operations: twice });
      expect(await effects.delayed(target)).toBe(5);
      await expect(receiver.settle([], { guards: [], operations: [later(sender, 'v'), later(sender, 'v')] })).rejects.toMatchObject({
        failed: 'token',
        index: 1,
      });
      await receiver.settle([], { guards: [], operations: [free(sender, 't'), free(sender, 'u'), free(other, 't')] });
      expect(await effects.delayed(target)).toBe(2);
    });
  });
}

let names = 0;

/** A lane that was taken over, with all its jobs in hand. */
async function taken<Job extends TestedJob>(harness: LaneReceiverHarness<Job>, ...texts: readonly (readonly string[])[]) {
  const lane = await harness.openLane(...texts);
  await lane.receiver.takeOver();
  const { jobs } = await lane.receiver.take(texts.length);
  names += 1;
  const run = `effects-${names}`;
  return { ...lane, receiver: Object.assign(lane.receiver, { jobs }), names: { key: `${run}:hash`, list: `${run}:list`, target: run } };
}

const record = (text: string): SluiceRecord => ({ partitionKey: 'k', data: Buffer.from(text), metadata: {} });

const settled = <Job>(job: Job) => ({ job, remaining: [], deadLetters: [] });

const textsIn = ({ records }: TestedJob): string[] => records.map(({ data }) => Buffer.from(data).toString());

async function textsOf<Job extends TestedJob>(receiver: Pick<LaneReceiver<Job>, 'take'>, maxJobs: number): Promise<string[]> {
  return (await receiver.take(maxJobs)).jobs.flatMap(textsIn);
}

const sorted = <T extends { readonly text: string }>(letters: readonly T[]): T[] => letters.toSorted((a, b) => (a.text < b.text ? -1 : 1));
