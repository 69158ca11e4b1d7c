import type { Consumer } from '../fan-out/consumer.ts';
import { type JsonObject, optionalInteger, optionalText, requiredText, type TextRule } from '../protocol/input.ts';
import { Timestamp } from '../protocol/timestamp.ts';
import { invalidArgument, resourceNotFound } from '../service-error.ts';
import type { Account } from '../store/account.ts';
import type { Stream } from '../store/stream.ts';
import type { Operation } from './operation.ts';
import { targetStream } from './target-stream.ts';

const CONSUMER_NAME: TextRule = { pattern: /^[a-zA-Z0-9_.-]+$/, max: 128 };
const CONSUMER_ARN: TextRule = {
  pattern: /^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+$/,
  max: 2048,
};
const PAGE = 100;

const consumerShape = ({ name, arn, status, createdAtMs }: Consumer): JsonObject => ({
  ConsumerName: name,
  ConsumerARN: arn,
  ConsumerStatus: status,
  ConsumerCreationTimestamp: new Timestamp(createdAtMs),
});

/** The consumer that an ARN names, and its stream. */
export function consumerByArn(account: Account, input: JsonObject): { readonly stream: Stream; readonly consumer: Consumer } {
  const arn = requiredText(input, 'ConsumerARN', CONSUMER_ARN);
  const streamArn = arn.slice(0, arn.indexOf('/consumer/'));
  const name = streamArn.slice(streamArn.indexOf('/') + 1);
  if (streamArn !== account.arnOf(name)) throw resourceNotFound(`Consumer ${arn} is not of account ${account.accountId}.`);
  const stream = account.stream(name);
  return { stream, consumer: stream.consumers.find(arn) };
}

function targetConsumer(account: Account, input: JsonObject): { readonly stream: Stream; readonly consumer: Consumer } {
  if (optionalText(input, 'ConsumerARN', CONSUMER_ARN) !== undefined) return consumerByArn(account, input);
  const name = optionalText(input, 'ConsumerName', CONSUMER_NAME);
  if (name === undefined || optionalText(input, 'StreamARN') === undefined)
    throw invalidArgument('Either ConsumerARN, or StreamARN and ConsumerName must be given.');
  const stream = targetStream(account, input);
  return { stream, consumer: stream.consumers.find(name) };
}

export const registerStreamConsumer: Operation = ({ account }, input) => {
  requiredText(input, 'StreamARN');
  const name = requiredText(input, 'ConsumerName', CONSUMER_NAME);
  const stream = targetStream(account, input);
  stream.assertActive(account.accountId);
  const consumer = stream.consumers.register(name);
  account.changed(stream);
  return { Consumer: { ...consumerShape(consumer), ConsumerStatus: 'CREATING' } };
};

export const describeStreamConsumer: Operation = ({ account }, input) => {
  const { stream, consumer } = targetConsumer(account, input);
  return { ConsumerDescription: { ...consumerShape(consumer), StreamARN: stream.arn } };
};

export const deregisterStreamConsumer: Operation = ({ account }, input) => {
  const { stream, consumer } = targetConsumer(account, input);
  stream.consumers.delete(consumer);
  account.changed(stream);
  return undefined;
};

export const listStreamConsumers: Operation = ({ account }, input) => {
  requiredText(input, 'StreamARN');
  const { consumers } = targetStream(account, input);
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 10_000 }) ?? PAGE;
  // The token is the last name of the page before.
  const after = optionalText(input, 'NextToken') ?? '';
  const left = consumers.all.filter(({ name }) => name > after);
  const page = left.slice(0, limit);
  return { Consumers: page.map(consumerShape), NextToken: left.length > limit ? page.at(-1)!.name : undefined };
};
