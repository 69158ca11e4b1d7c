/** Dead letters as messages of an SQS queue: the line is the body, target and code are attributes to filter by. */
import { createHash } from 'node:crypto';
import type { AwsClientSettings } from '@sluice/credentials';
import { MessageRefusedError, MessageTooLargeError, openQueue, QueueError, type QueueMessage } from '@sluice/sqs';
import { DeadLetterOutputError, DeadLetterRefusedError, DeadLetterTooLargeError } from '../errors.ts';
import type { DeadLetterOutput, OutgoingLetter } from './dead-letter-output.ts';

/** @param url of the queue */
export async function openSqsOutput(url: string, settings: AwsClientSettings): Promise<DeadLetterOutput> {
  const queue = await openQueue(url, settings);
  const name = `queue ${url}`;
  const isFifo = url.endsWith('.fifo');
  return {
    name,
    async put(letters, signal) {
      const messages = letters.map((letter) => toMessage(letter, isFifo));
      try {
        return (await queue.send(messages, signal)).map((error) => error && toLetterError(error, name));
      } catch (error) {
        throw toLetterError(error as Error, name);
      }
    },
    [Symbol.dispose]: () => queue[Symbol.dispose](),
  };
}

/** A queue that keeps order has one order for each target, and knows a letter that is sent again. */
const toMessage = ({ letter, line }: OutgoingLetter, isFifo: boolean): QueueMessage => ({
  body: line,
  attributes: { target: letter.target, code: letter.reason.code },
  ...(isFifo && { groupId: digest(letter.target), deduplicationId: digest(`${letter.target}\n${letter.id}`) }),
});

function toLetterError(error: Error, output: string): Error {
  if (error instanceof QueueError) return new DeadLetterOutputError(output, error.cause);
  if (error instanceof MessageTooLargeError) return new DeadLetterTooLargeError(output, error.bytes, error.maxBytes);
  return error instanceof MessageRefusedError ? new DeadLetterRefusedError(output, error.cause.name, error.cause.message) : error;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
