import {
  type Consumer,
  type ConsumerDescription,
  DescribeStreamConsumerCommand,
  RegisterStreamConsumerCommand,
  type KinesisClient as SdkClient,
} from '@aws-sdk/client-kinesis';
import { SluiceError } from '@sluice/core';
import { KinesisUnavailableError, SubscriptionDisplacedError, SubscriptionInUseError } from '../../errors.ts';
import type { ConsumerName, KinesisPush, StreamConsumer, SubscribeInput } from '../../ports.ts';
import { callWithTimeout } from '../call-with-timeout.ts';
import type { DataPlane } from '../data-plane.ts';
import { toKinesisError } from '../to-kinesis-error.ts';
import type { StreamTransport } from '../transport/transport.ts';
import { EventReader } from './event-reader.ts';

export interface PushParts {
  readonly sdk: SdkClient;
  readonly dataPlane: DataPlane;
  readonly streams: StreamTransport;
  readonly timeoutMs: number;
  readonly silenceMs: number;
  /** Told of each error of a subscription's beginning; throws it. */
  reportRefused(error: unknown): never;
}

/** Enhanced fan-out: consumers through the SDK, since these are calls of a start; subscriptions past it. */
export function pushCalls({ sdk, dataPlane, streams, timeoutMs, silenceMs, reportRefused }: PushParts): KinesisPush {
  const facts = ({ streamArn, name }: ConsumerName) => ({ stream: streamArn, consumer: name, timeoutMs });
  const members = ({ streamArn, name }: ConsumerName) => ({ StreamARN: streamArn, ConsumerName: name });
  return {
    findConsumer: (consumer, signal) =>
      callWithTimeout({ operation: 'DescribeStreamConsumer', ...facts(consumer) }, signal, async (abortSignal) => {
        const reply = await sdk.send(new DescribeStreamConsumerCommand(members(consumer)), { abortSignal });
        return toConsumer(reply.ConsumerDescription, consumer);
      }),

    registerConsumer: (consumer, signal) =>
      callWithTimeout({ operation: 'RegisterStreamConsumer', ...facts(consumer) }, signal, async (abortSignal) => {
        const reply = await sdk.send(new RegisterStreamConsumerCommand(members(consumer)), { abortSignal });
        return toConsumer(reply.Consumer, consumer);
      }),

    subscribeToShard: (input, signal) => {
      const { stream, shardId, consumerArn: consumer } = input;
      return callWithTimeout({ operation: 'SubscribeToShard', stream, shardId, consumer, timeoutMs }, signal, async (abortSignal) => {
        const { body } = await dataPlane.subscribe(input, streams, abortSignal).catch(reportRefused).catch(refusalOf(input));
        return new EventReader(body, { stream, shardId, silenceMs, toError: (cause) => endOf(input, cause) });
      });
    },
  };
}

function toConsumer(found: ConsumerDescription | Consumer | undefined, { streamArn }: ConsumerName): StreamConsumer {
  if (!found?.ConsumerARN) throw new KinesisUnavailableError('its reply has no consumer', { stream: streamArn }, undefined);
  return { arn: found.ConsumerARN, isActive: found.ConsumerStatus === 'ACTIVE' };
}

const isInUse = (cause: unknown): cause is Error => cause instanceof Error && cause.name === 'ResourceInUseException';

const refusalOf =
  ({ stream, shardId, consumerArn }: SubscribeInput) =>
  (cause: unknown): never => {
    throw isInUse(cause) ? new SubscriptionInUseError(cause.message, { stream, shardId, consumer: consumerArn }, cause) : cause;
  };

/** What it means that a subscription ended in this way. What cannot be read came through a broken connection or a proxy. */
function endOf({ stream, shardId, consumerArn }: SubscribeInput, cause: unknown): unknown {
  if (isInUse(cause)) return new SubscriptionDisplacedError(cause.message, { stream, shardId, consumer: consumerArn }, cause);
  const facts = { operation: 'SubscribeToShard', stream, shardId, consumer: consumerArn };
  const error = toKinesisError(cause, facts);
  return error instanceof SluiceError ? error : new KinesisUnavailableError('its events cannot be read', facts, cause);
}
