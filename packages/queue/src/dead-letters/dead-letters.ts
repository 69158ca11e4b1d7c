import { deadLetterKeys, type RedisSession, runPipeline, runTransaction, type TargetAddress } from '@sluice/redis';
import type { LaneSender } from '../sender/lane-sender.ts';
import { type DeadLetter, type DeadLetterSummary, toDeadLetter } from './dead-letter.ts';

export interface ListDeadLettersOptions extends TargetAddress {
  /** @default 0 */
  readonly offset?: number;
  /** @default 50 */
  readonly count?: number;
}

export interface DeadLetterAddress extends TargetAddress {
  readonly id: string;
}

export const countDeadLetters = (session: RedisSession, address: TargetAddress): Promise<number> =>
  session.run(session.epoch, (client) => client.zcard(deadLetterKeys(address).failed));

/** Newest first. */
export async function listDeadLetters(session: RedisSession, options: ListDeadLettersOptions): Promise<DeadLetterSummary[]> {
  const { offset = 0, count = 50 } = options;
  const { failed, jobPrefix } = deadLetterKeys(options);
  const { epoch } = session;
  const ids = await session.run(epoch, (client) => client.zrevrange(failed, offset, offset + count - 1));
  const answers = await runPipeline(session, epoch, (pipeline) => {
    for (const id of ids) pipeline.hget(jobPrefix + id, 'data');
  });
  return (answers as (string | null)[]).flatMap((data) => (data === null ? [] : [JSON.parse(data) as DeadLetterSummary]));
}

/** One dead letter with its record, or `undefined` where there is none. */
export async function getDeadLetter(session: RedisSession, address: DeadLetterAddress): Promise<DeadLetter | undefined> {
  const { jobPrefix, payloads } = deadLetterKeys(address);
  const [data, frame] = (await runPipeline(session, session.epoch, (pipeline) =>
    pipeline.hget(jobPrefix + address.id, 'data').hgetBuffer(payloads, address.id),
  )) as [string | null, Buffer | null];
  return data === null || frame === null ? undefined : toDeadLetter(JSON.parse(data) as DeadLetterSummary, frame);
}

/** Forgets a dead letter for good; `false` where there was none. */
export async function removeDeadLetter(session: RedisSession, address: DeadLetterAddress): Promise<boolean> {
  const { failed, jobPrefix, payloads } = deadLetterKeys(address);
  const removed = await runTransaction(session, session.epoch, (transaction) =>
    transaction
      .zrem(failed, address.id)
      .del(jobPrefix + address.id)
      .hdel(payloads, address.id),
  );
  return removed.some((count) => Number(count) > 0);
}

/**
 * Sends a dead letter again: back to the lane of its source key, or to the lane it came from where it has none, behind what waits there.
 * It has lost its place in its key's order. A crash on the way may send it twice, never lose it. `false` where there is none.
 */
export async function redriveDeadLetter(session: RedisSession, sender: LaneSender, id: string): Promise<boolean> {
  const address = { keyPrefix: sender.keyPrefix, target: sender.target, id };
  const letter = await getDeadLetter(session, address);
  if (!letter) return false;
  await sendAgain(sender, [letter]);
  return removeDeadLetter(session, address);
}

/** Puts the records of dead letters of the sender's target into its lanes, in their order; see {@link redriveDeadLetter}. */
export async function sendAgain(sender: LaneSender, letters: readonly DeadLetter[]): Promise<void> {
  const laneOf = ({ partitionKey, lane }: DeadLetter) => (partitionKey === '' ? lane % sender.lanes : sender.laneOf(partitionKey));
  const lanes = [...Map.groupBy(letters, laneOf)];
  await sender.enqueue(
    lanes.map(([lane, some]) => ({ lane, records: some.map(({ record }) => record) })),
    sender.session.epoch,
  );
}
