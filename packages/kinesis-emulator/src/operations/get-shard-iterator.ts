import { requiredText } from '../protocol/input.ts';
import { resourceNotFound, throttled } from '../service-error.ts';
import { encodeIterator } from '../store/iterator-token.ts';
import type { Operation } from './operation.ts';
import { startingOrdinal } from './starting-ordinal.ts';
import { dataStream } from './target-stream.ts';

export const SHARD_ID = { pattern: /^[a-zA-Z0-9_.-]+$/, max: 128 };
const MEMBERS = { type: 'ShardIteratorType', sequenceNumber: 'StartingSequenceNumber' };

export const getShardIterator: Operation = (context, input) => {
  const { account, clock, controlPlane } = context;
  const stream = dataStream(account, input);
  const shardId = requiredText(input, 'ShardId', SHARD_ID);
  const shard = stream.shard(shardId);
  if (!shard || !controlPlane.finds(stream, shard, clock.now()))
    throw resourceNotFound(`Shard ${shardId} in stream ${stream.name} under account ${account.accountId} does not exist`);
  const ordinal = startingOrdinal(context, { stream, shard, operation: 'GetShardIterator' }, input, MEMBERS);
  if (!shard.quotas.admitIterator()) {
    throw throttled(`Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${account.accountId}.`);
  }
  return { ShardIterator: encodeIterator(stream, shard.id, ordinal, clock.now()) };
};
