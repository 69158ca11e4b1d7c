/** Dead letters as messages of an SQS queue: the line is the body, target and code are attributes to filter by. */
import { createHash } from 'node:crypto';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { type AwsClientSettings, callOnce, sdkSettings } from '@sluice/credentials';
import { DeadLetterOutputError, DeadLetterRefusedError, DeadLetterTooLargeError } from '../errors.ts';
import type { DeadLetterOutput, OutgoingLetter } from './dead-letter-output.ts';
import { putInParts } from './put-in-parts.ts';

/** What SQS takes in a call, as of November 2026. A queue may take less in a message: it then refuses the entry. */
const MAX_MESSAGES = 10;
const MAX_BYTES = 1024 * 1024;
/** For the attributes of all messages of a call, names included. */
const ATTRIBUTE_BYTES = 16 * 1024;

/** @param url of the queue */
export async function openSqsOutput(url: string, settings: AwsClientSettings): Promise<DeadLetterOutput> {
  // Loaded only where it is used.
  const { SendMessageBatchCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient(sdkSettings(settings));
  const name = `queue ${url}`;
  const isFifo = url.endsWith('.fifo');
  const maxBytes = MAX_BYTES - ATTRIBUTE_BYTES;

  async function send(part: readonly OutgoingLetter[], signal: AbortSignal): Promise<readonly (Error | undefined)[]> {
    const bytes = Buffer.byteLength(part[0]!.line);
    // A line that is larger is alone in its part.
    if (bytes > maxBytes) return [new DeadLetterTooLargeError(name, bytes, maxBytes)];
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: part.map((letter, index) => entryOf(letter, index, isFifo)) });
    const { Failed = [] } = await callOnce((abortSignal) => client.send(command, { abortSignal }), {
      credentials: settings.credentials,
      signal,
      toError: (cause) => new DeadLetterOutputError(name, cause),
    });
    const failed = new Map(Failed.map((failure) => [Number(failure.Id), failure]));
    return part.map((_, index) => {
      const failure = failed.get(index);
      if (!failure) return undefined;
      const { Code: code = 'unknown', Message: reason = 'no reason given', SenderFault: isOurs } = failure;
      return isOurs ? new DeadLetterRefusedError(name, code, reason) : new DeadLetterOutputError(name, new Error(`${code}: ${reason}`));
    });
  }

  return {
    name,
    put: (letters, signal) => putInParts(letters, { maxLetters: MAX_MESSAGES, maxBytes }, (part) => send(part, signal)),
    [Symbol.dispose]: () => client.destroy(),
  };
}

/** A queue that keeps order has one order for each target, and knows a letter that is sent again. */
const entryOf = ({ letter, line }: OutgoingLetter, index: number, isFifo: boolean): SendMessageBatchRequestEntry => ({
  ...{ Id: String(index), MessageBody: line },
  MessageAttributes: { target: attribute(letter.target), code: attribute(letter.reason.code) },
  ...(isFifo && { MessageGroupId: digest(letter.target), MessageDeduplicationId: digest(`${letter.target}\n${letter.id}`) }),
});

const attribute = (text: string) => ({ DataType: 'String', StringValue: text });

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
