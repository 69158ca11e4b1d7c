import type { BatchResultErrorEntry, SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { inParts } from '@sluice/core';
import { type AwsClientSettings, callOnce, sdkSettings } from '@sluice/credentials';
import { MessageRefusedError, QueueError } from './errors.ts';
import { ATTRIBUTE_TYPE, MAX_BYTES, type QueueMessage, refusalOf, sizeOf } from './message.ts';

/** A queue of SQS. */
export interface MessageQueue extends Disposable {
  readonly url: string;
  /**
   * Sends messages in their order, as many in a call as SQS takes. Answers, in that order, `undefined` for each that the queue has, else
   * the error: a retryable one for those to send again, a rejected one for those that it will never take.
   * @throws {QueueError} nothing was sent
   */
  send(messages: readonly QueueMessage[], signal: AbortSignal): Promise<readonly (Error | undefined)[]>;
}

const MAX_MESSAGES = 10;

/** A call that fails with one of these may fail for one of its messages. */
const OF_A_MESSAGE: ReadonlySet<string> = new Set([
  'BatchRequestTooLong',
  'InvalidMessageContents',
  'InvalidParameterValue',
  'MissingParameter',
]);

/** Faults that SQS may call the sender's, though they are not the message's. */
const MAY_PASS = /Throttl|Denied|Kms/;

export async function openQueue(url: string, settings: AwsClientSettings): Promise<MessageQueue> {
  // Loaded only where it is used.
  const { SendMessageBatchCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client: SQSClient = new SQSClient(sdkSettings(settings));

  async function call(messages: readonly QueueMessage[], signal: AbortSignal): Promise<readonly (Error | undefined)[]> {
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: messages.map(entryOf) });
    const { Failed = [] } = await callOnce((abortSignal) => client.send(command, { abortSignal }), {
      credentials: settings.credentials,
      signal,
      toError: (cause) => new QueueError(url, cause),
    });
    const failed = new Map(Failed.map((failure) => [Number(failure.Id), failure]));
    return messages.map((_, index) => {
      const failure = failed.get(index);
      return failure && toError(failure, url);
    });
  }

  /** Where SQS does not say which message it will not take, each is sent by itself. */
  async function send(messages: readonly QueueMessage[], signal: AbortSignal): Promise<readonly (Error | undefined)[]> {
    try {
      return await call(messages, signal);
    } catch (error) {
      const cause = error instanceof QueueError ? asOfMessage(error.cause) : undefined;
      if (!cause) throw error;
      if (messages.length === 1) return [new MessageRefusedError(url, cause)];
      return inParts(messages, { maxItems: 1 }, (one) => send(one, signal));
    }
  }

  return {
    url,
    async send(messages, signal) {
      const outcomes = messages.map((message) => refusalOf(message, url));
      const sound = messages.filter((_, index) => outcomes[index] === undefined);
      const sent = (await inParts(sound, { maxItems: MAX_MESSAGES, maxBytes: MAX_BYTES, sizeOf }, (part) => send(part, signal))).values();
      return outcomes.map((refusal) => refusal ?? sent.next().value);
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

function asOfMessage(cause: unknown): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  const name = cause.name.split('.').at(-1)!;
  return OF_A_MESSAGE.has(name) ? Object.assign(new Error(cause.message), { name }) : undefined;
}

function toError({ Code: name = 'unknown', Message: reason = 'no reason given', SenderFault: isOurs }: BatchResultErrorEntry, url: string) {
  const cause = Object.assign(new Error(reason), { name });
  return isOurs && !MAY_PASS.test(name) ? new MessageRefusedError(url, cause) : new QueueError(url, cause);
}

const entryOf = (message: QueueMessage, index: number): SendMessageBatchRequestEntry => {
  const { body, attributes, groupId, deduplicationId, delaySeconds } = message;
  const named = Object.entries(attributes);
  return {
    ...{ Id: String(index), MessageBody: body },
    ...(named.length > 0 && {
      MessageAttributes: Object.fromEntries(named.map(([name, text]) => [name, { DataType: ATTRIBUTE_TYPE, StringValue: text }])),
    }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
  };
};
