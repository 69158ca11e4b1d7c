import type { RedisSession } from '@sluice/redis';
import { QueueKeys } from 'bullmq';
import { deadLetterPayloadsKey, deadLetterQueue, type TargetAddress } from '../lanes/lane-names.ts';
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
  session.run(session.epoch, (client) => client.zcard(keyOf(address, 'failed')));

/** Newest first. */
export async function listDeadLetters(session: RedisSession, options: ListDeadLettersOptions): Promise<DeadLetterSummary[]> {
  const { offset = 0, count = 50 } = options;
  return session.run(session.epoch, async (client) => {
    const ids = await client.zrevrange(keyOf(options, 'failed'), offset, offset + count - 1);
    const answers = await ids.reduce((pipeline, id) => pipeline.hget(keyOf(options, id), 'data'), client.pipeline()).exec();
    return (answers ?? []).flatMap(([error, data]) => {
      if (error) throw error;
      return data === null ? [] : [JSON.parse(data as string) as DeadLetterSummary];
    });
  });
}

/** One dead letter with its record, or `undefined` where there is none. */
export async function getDeadLetter(session: RedisSession, address: DeadLetterAddress): Promise<DeadLetter | undefined> {
  return session.run(session.epoch, async (client) => {
    const data = await client.hget(keyOf(address, address.id), 'data');
    const frame = await client.hgetBuffer(deadLetterPayloadsKey(address), address.id);
    return data === null || frame === null ? undefined : toDeadLetter(JSON.parse(data) as DeadLetterSummary, frame);
  });
}

/** Forgets a dead letter for good; `false` where there was none. */
export async function removeDeadLetter(session: RedisSession, address: DeadLetterAddress): Promise<boolean> {
  const answers = await session.run(session.epoch, (client) =>
    client
      .multi()
      .zrem(keyOf(address, 'failed'), address.id)
      .del(keyOf(address, address.id))
      .hdel(deadLetterPayloadsKey(address), address.id)
      .exec(),
  );
  return (answers ?? []).some(([error, removed]) => {
    if (error) throw error;
    return Number(removed) > 0;
  });
}

/**
 * Sends a dead letter again: back to the lane of its source key, or to the lane it came from where it has none, behind what waits there.
 * It has lost its place in its key's order. A crash on the way may send it twice, never lose it. `false` where there is none.
 */
export async function redriveDeadLetter(session: RedisSession, sender: LaneSender, id: string): Promise<boolean> {
  const address = { keyPrefix: sender.keyPrefix, target: sender.target, id };
  const letter = await getDeadLetter(session, address);
  if (!letter) return false;
  const { record, partitionKey } = letter;
  const lane = partitionKey === '' ? letter.lane % sender.lanes : sender.laneOf(partitionKey);
  await sender.enqueue([{ lane, records: [record] }], sender.session.epoch);
  return removeDeadLetter(session, address);
}

function keyOf(address: TargetAddress, type: string): string {
  const { queueName, bullPrefix } = deadLetterQueue(address);
  return new QueueKeys(bullPrefix).toKey(queueName, type);
}
