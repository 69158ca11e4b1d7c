import type { RedisSession } from '@sluice/redis';
import { BullQueue } from '../bull/bull-queue.ts';
import { laneScripts } from '../bull/lane-scripts.ts';
import { deadLetterPayloadsKey, deadLetterQueue, type TargetAddress } from '../lanes/lane-names.ts';
import { unpackDeadLetter } from './dead-letter.ts';

interface ForwardOptions extends TargetAddress {
  readonly session: RedisSession;
  readonly epoch: number;
  /** The dead letters of a lane on their way. */
  readonly rejectedKey: string;
}

/** BullMQ's answer where a job to be failed is not active: it was brought here before. */
const NOT_ACTIVE = -3;

/**
 * Brings the dead letters of a lane to the queue of the target, where each becomes a failed job. A dead letter has the same id however
 * often it is brought, so doing it again, or two doing it at once, makes no second one.
 */
export async function forwardDeadLetters({ session, epoch, rejectedKey, ...address }: ForwardOptions): Promise<void> {
  const scripts = laneScripts(session);
  const queue = new BullQueue(deadLetterQueue(address));
  const payloads = deadLetterPayloadsKey(address);
  const ids = await scripts.run(epoch, (client) => client.hkeys(rejectedKey));
  for (const id of ids) {
    const content = await scripts.run(epoch, (client) => client.hgetBuffer(rejectedKey, id));
    if (!content) continue;
    const { summary, frame } = unpackDeadLetter(content);
    const answers = await scripts.transact(epoch, async (transaction) => {
      transaction.hset(payloads, id, frame);
      await queue.push(transaction, {
        id,
        name: `${summary.reason.code} · ${summary.partitionKey}`,
        data: summary,
        timestampMs: summary.rejectedAtMs,
      });
      await queue.take(transaction, '0');
      await queue.fail(transaction, id, summary.reason.message);
    });
    const failed = Number(answers.at(-1));
    if (failed < 0 && failed !== NOT_ACTIVE) throw new Error(`bullmq refused to keep dead letter ${id} (code ${failed})`);
    await scripts.run(epoch, (client) => client.hdel(rejectedKey, id));
  }
}
