import { type JsonObject, optionalTimestampMs, requiredText } from '../protocol/input.ts';
import { invalidArgument, resourceNotFound, throttled } from '../service-error.ts';
import { encodeIterator } from '../store/iterator-token.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import type { Operation, OperationContext } from './operation.ts';
import { dataStream } from './target-stream.ts';

const TYPES = ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'] as const;
export const SHARD_ID = { pattern: /^[a-zA-Z0-9_.-]+$/, max: 128 };

function ordinalOfSequenceNumber({ account }: OperationContext, stream: Stream, shard: Shard, input: JsonObject): number {
  const text = requiredText(input, 'StartingSequenceNumber', { pattern: /^(0|([1-9]\d{0,128}))$/ });
  const ordinal = shard.numbers.parse(text);
  if (ordinal === undefined) {
    throw invalidArgument(
      `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} under account ${account.accountId} is invalid because it did not come from this stream and shard.`,
    );
  }
  return ordinal;
}

function ordinalAtTimestamp({ clock }: OperationContext, shard: Shard, input: JsonObject): number {
  const timestampMs = optionalTimestampMs(input, 'Timestamp');
  if (timestampMs === undefined) throw invalidArgument('Must specify a Timestamp with the ShardIteratorType AT_TIMESTAMP.');
  if (timestampMs > clock.now()) {
    throw invalidArgument(`The timestamp ${timestampMs} cannot be greater than the current time ${clock.now()}, in milliseconds.`);
  }
  return shard.log.firstOrdinalSince(timestampMs) ?? shard.numbers.last + 1;
}

function startingOrdinal(context: OperationContext, stream: Stream, shard: Shard, input: JsonObject): number {
  const type = requiredText(input, 'ShardIteratorType', { among: TYPES }) as (typeof TYPES)[number];
  const hasSequenceNumber = input['StartingSequenceNumber'] !== undefined && input['StartingSequenceNumber'] !== null;
  if (hasSequenceNumber !== type.endsWith('SEQUENCE_NUMBER')) {
    throw invalidArgument(
      `Must either specify AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber, or another type and no StartingSequenceNumber. Request specified ${type}.`,
    );
  }
  switch (type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return shard.numbers.last + 1;
    case 'AT_SEQUENCE_NUMBER':
      return ordinalOfSequenceNumber(context, stream, shard, input);
    case 'AFTER_SEQUENCE_NUMBER':
      return ordinalOfSequenceNumber(context, stream, shard, input) + 1;
    case 'AT_TIMESTAMP':
      return ordinalAtTimestamp(context, shard, input);
  }
}

export const getShardIterator: Operation = (context, input) => {
  const { account, clock, controlPlane } = context;
  const stream = dataStream(account, input);
  const shardId = requiredText(input, 'ShardId', SHARD_ID);
  const shard = stream.shard(shardId);
  if (!shard || !controlPlane.finds(stream, shard, clock.now()))
    throw resourceNotFound(`Shard ${shardId} in stream ${stream.name} under account ${account.accountId} does not exist`);
  const ordinal = startingOrdinal(context, stream, shard, input);
  if (!shard.quotas.admitIterator()) {
    throw throttled(`Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${account.accountId}.`);
  }
  return { ShardIterator: encodeIterator(stream, shard.id, ordinal, clock.now()) };
};
