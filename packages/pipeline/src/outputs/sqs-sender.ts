import type { Message } from '@sluice/bloblang';
import type { BloblangSource, ComponentSettings } from '@sluice/config';
import { backoffDelay, isBackoffSpent, isRetryable, sleep } from '@sluice/core';
import { type AwsSettings, createAwsClientSettings } from '@sluice/credentials';
import { isAttributeName, isAttributeValue, openQueue, type QueueMessage } from '@sluice/sqs';
import type { ComponentContext } from '../component.ts';
import { failureOf, MessageRejectedError } from '../errors.ts';
import type { MessageSink } from './message-sink.ts';
import { messageText, metadataTexts } from './message-text.ts';

export interface SqsOptions {
  readonly url: string;
  readonly message_group_id: BloblangSource;
  readonly message_deduplication_id: BloblangSource;
  readonly delay_seconds: BloblangSource;
  readonly metadata: { readonly exclude_prefixes: readonly string[] };
  readonly max_retries: number;
  /** Milliseconds. */
  readonly backoff: { readonly initial_interval: number; readonly max_interval: number; readonly max_elapsed_time: number };
  readonly aws: AwsSettings;
}

type Draft = readonly [index: number, message: QueueMessage];

/** Sends messages to a queue. What the queue does not take for now is sent again by itself, until the backoff is spent. */
export async function openSqsSender(
  { backoff, max_retries: maxRetries, ...options }: SqsOptions,
  { path }: ComponentSettings,
  { clock, logger, signal }: ComponentContext,
): Promise<MessageSink> {
  const settings = await createAwsClientSettings(options.aws, { env: process.env, clock, logger, service: 'SQS' });
  const queue = await openQueue(options.url, settings);
  const toMessage = messageMaker(options);
  const policy = {
    ...{ initialIntervalMs: backoff.initial_interval, maxIntervalMs: backoff.max_interval },
    ...{ maxElapsedMs: backoff.max_elapsed_time, maxRetries },
  };

  async function send(drafts: readonly Draft[]): Promise<readonly (Error | undefined)[]> {
    try {
      return await queue.send(
        drafts.map(([, message]) => message),
        signal,
      );
    } catch (error) {
      return drafts.map(() => error as Error);
    }
  }

  /** Answers why messages were not sent, by their indexes. */
  async function sendUntilSpent(drafts: readonly Draft[]): Promise<Map<number, Error>> {
    const failures = new Map<number, Error>();
    const startedMs = clock.monotonic();
    let left = drafts;
    for (let attempt = 0; ; attempt++) {
      const outcomes = await send(left);
      for (const [place, [index]] of left.entries()) {
        const failure = outcomes[place];
        if (failure) failures.set(index, failure);
        else failures.delete(index);
      }
      left = left.filter((_, place) => isRetryable(outcomes[place]));
      const delayMs = backoffDelay(policy, attempt, Math.random());
      if (left.length === 0 || signal.aborted || isBackoffSpent(policy, attempt, clock.monotonic() - startedMs, delayMs)) break;
      const reason = failures.get(left[0]![0])!.message;
      logger.warn('a queue did not take messages, to be sent again', { path, messages: left.length, reason });
      await sleep(clock, delayMs, signal).catch(() => undefined);
    }
    return failures;
  }

  return {
    async write(messages) {
      const refused = new Map<number, Error>();
      const drafts: Draft[] = [];
      for (const index of messages.keys()) {
        try {
          drafts.push([index, toMessage(messages, index)]);
        } catch (error) {
          refused.set(index, error as Error);
        }
      }
      const failure = failureOf(new Map([...refused, ...(await sendUntilSpent(drafts))]), messages.length);
      if (failure) throw failure;
    },
    [Symbol.dispose]: () => queue[Symbol.dispose](),
  };
}

/** Attributes of a message. */
const MAX_ATTRIBUTES = 10;
const MAX_DELAY_SECONDS = 900;

type MessageOptions = Pick<SqsOptions, 'metadata' | 'message_group_id' | 'message_deduplication_id' | 'delay_seconds'>;

function messageMaker({ metadata, ...options }: MessageOptions) {
  const group = messageText('message_group_id', options.message_group_id);
  const deduplication = messageText('message_deduplication_id', options.message_deduplication_id);
  const delay = messageText('delay_seconds', options.delay_seconds);
  return (messages: readonly Message[], index: number): QueueMessage => {
    const message = messages[index]!;
    return {
      body: bodyOf(message),
      attributes: attributesOf(message, metadata.exclude_prefixes),
      groupId: group(messages, index) || undefined,
      deduplicationId: deduplication(messages, index) || undefined,
      delaySeconds: delayOf(delay(messages, index)),
    };
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function bodyOf({ content }: Message): string {
  try {
    return UTF8.decode(content);
  } catch (cause) {
    throw new MessageRejectedError('SQS takes text only, and a message is not UTF-8; encode it before, for example in base64', { cause });
  }
}

const attributesOf = (message: Message, excluded: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    metadataTexts(message, excluded)
      .filter(([name, text]) => isAttributeName(name) && isAttributeValue(text))
      .slice(0, MAX_ATTRIBUTES),
  );

function delayOf(text: string): number | undefined {
  if (text === '') return undefined;
  const seconds = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MAX_DELAY_SECONDS) return seconds || undefined;
  throw new MessageRejectedError(`\`delay_seconds\`: expected a whole number from 0 to ${MAX_DELAY_SECONDS}, got another value`);
}
