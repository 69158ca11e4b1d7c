import { MAX_GET_BYTES, MAX_RECORDS_PER_GET } from '../limits.ts';
import { type JsonObject, optionalInteger, requiredText } from '../protocol/input.ts';
import { childShardShape } from '../protocol/shard-shape.ts';
import { invalidArgument, resourceNotFound, ServiceError, throttled } from '../service-error.ts';
import { decodeIterator, encodeIterator, type IteratorPosition } from '../store/iterator-token.ts';
import type { Stream } from '../store/stream.ts';
import type { Operation, OperationContext } from './operation.ts';
import { optionalStreamName } from './target-stream.ts';

function positionOf({ account, clock, iteratorExpiryMs }: OperationContext, input: JsonObject): IteratorPosition {
  const position = decodeIterator(requiredText(input, 'ShardIterator'));
  if (!position) throw invalidArgument('Invalid ShardIterator.');
  const named = optionalStreamName(account, input);
  if (named !== undefined && named !== position.streamName) throw invalidArgument(`The ShardIterator is not of stream ${named}.`);
  if (clock.now() - position.issuedAtMs > iteratorExpiryMs) {
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(position.issuedAtMs)} while right now it is ${new Date(clock.now())} which is further in the future than the tolerated delay of ${iteratorExpiryMs} milliseconds.`,
    );
  }
  return position;
}

function streamAt({ account }: OperationContext, position: IteratorPosition): Stream {
  const stream = account.stream(position.streamName);
  if (stream.createdAtMs !== position.streamCreatedAtMs || stream.status === 'DELETING') {
    throw resourceNotFound(`Stream ${position.streamName} under account ${account.accountId} not found.`);
  }
  return stream;
}

export const getRecords: Operation = (context, input) => {
  const { account, clock } = context;
  const limit = optionalInteger(input, 'Limit', { min: 1, max: Number.MAX_SAFE_INTEGER }) ?? MAX_RECORDS_PER_GET;
  if (limit > MAX_RECORDS_PER_GET) throw invalidArgument(`Limit ${limit} is greater than ${MAX_RECORDS_PER_GET}.`);
  const position = positionOf(context, input);
  const stream = streamAt(context, position);
  const shard = stream.shard(position.shardId);
  if (!shard)
    throw resourceNotFound(`Shard ${position.shardId} in stream ${stream.name} under account ${account.accountId} does not exist`);
  if (!shard.quotas.admitRead()) {
    throw throttled(`Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${account.accountId}.`);
  }
  const page = shard.log.page(position.ordinal, limit, MAX_GET_BYTES);
  shard.quotas.chargeRead(page.bytes);
  const isShardEnd = !shard.isOpen && page.nextArrivalMs === undefined;
  const nextOrdinal = page.lastOrdinal === undefined ? position.ordinal : page.lastOrdinal + 1;
  const children = isShardEnd ? stream.childrenOf(shard.id).map(childShardShape) : [];
  const rest = {
    NextShardIterator: isShardEnd ? undefined : encodeIterator(stream, shard.id, nextOrdinal, clock.now()),
    ChildShards: children.length === 0 ? undefined : children,
    // At least 1 while anything is left, else a reader in the same millisecond would believe that it has all.
    MillisBehindLatest: page.nextArrivalMs === undefined ? 0 : Math.max(1, clock.now() - page.nextArrivalMs),
  };
  return context.encoding.recordsReply({ page, numbers: shard.numbers, rest });
};
