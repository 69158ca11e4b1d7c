import type { LaneJob } from '../receiver/lane-job.ts';
import type { JobSettlement, LaneReceiver, Rejection, UnfinishedJob } from '../receiver/lane-receiver.ts';
import { textsOf } from './fixtures.ts';

/** Jobs whose every record was delivered. */
export const delivered = (jobs: readonly LaneJob[]): JobSettlement[] => jobs.map((job) => ({ job, remaining: [], deadLetters: [] }));

/** Jobs of which only these records remain. */
export const remaining = (unfinished: readonly UnfinishedJob[]): JobSettlement[] => unfinished.map((one) => ({ ...one, deadLetters: [] }));

/** A job of which these records became dead letters, and all others remain. */
export function rejected(job: LaneJob, deadLetters: readonly Rejection[]): JobSettlement {
  const gone = new Set(deadLetters.map(({ index }) => index));
  return { job, remaining: job.indexes.filter((index) => !gone.has(index)), deadLetters };
}

/** Takes and completes jobs until the lane is empty. Answers the texts of their records. */
export async function drain(lane: LaneReceiver): Promise<string[]> {
  const texts: string[] = [];
  for (let { jobs, skipped } = await lane.take(2); jobs.length + skipped.jobs > 0; { jobs, skipped } = await lane.take(2)) {
    texts.push(...jobs.flatMap(({ records }) => textsOf(records)));
    await lane.settle(delivered(jobs));
  }
  return texts;
}
