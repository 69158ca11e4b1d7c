import { Subscription } from '../fan-out/subscription.ts';
import { requiredObject, requiredText } from '../protocol/input.ts';
import { resourceNotFound } from '../service-error.ts';
import { consumerByArn } from './consumers.ts';
import { SHARD_ID } from './get-shard-iterator.ts';
import type { Operation } from './operation.ts';
import { startingOrdinal } from './starting-ordinal.ts';

const MEMBERS = { type: 'Type', sequenceNumber: 'SequenceNumber' };

export const subscribeToShard: Operation = (context, input) => {
  const { account, clock, controlPlane, encoding, subscriptions } = context;
  const { stream, consumer } = consumerByArn(account, input);
  const shardId = requiredText(input, 'ShardId', SHARD_ID);
  const position = requiredObject(input, 'StartingPosition');
  const shard = stream.shard(shardId);
  if (!shard || !controlPlane.finds(stream, shard, clock.now()))
    throw resourceNotFound(`Shard ${shardId} in stream ${stream.name} under account ${account.accountId} does not exist`);
  const ordinal = startingOrdinal(context, { stream, shard, operation: 'SubscribeToShard' }, position, MEMBERS);
  return consumer.subscribe(shardId, subscriptions, () => {
    const { lifetimeMs, heartbeatMs } = subscriptions;
    const children = () => stream.childrenOf(shard.id);
    return new Subscription({ shard, children, ordinal, encoding, clock, quota: shard.quotas.pushQuota(), lifetimeMs, heartbeatMs });
  });
};
