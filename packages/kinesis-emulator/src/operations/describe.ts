import { type JsonObject, optionalInteger, optionalText } from '../protocol/input.ts';
import { shardShape } from '../protocol/shard-shape.ts';
import { Timestamp } from '../protocol/timestamp.ts';
import type { Stream } from '../store/stream.ts';
import { SHARD_ID } from './get-shard-iterator.ts';
import type { Operation } from './operation.ts';
import { STREAM_NAME, targetStream } from './target-stream.ts';

const PAGE = 100;
const PAGE_LIMIT = { min: 1, max: 10_000 };

const factsOf = (stream: Stream) => ({
  StreamName: stream.name,
  StreamARN: stream.arn,
  StreamStatus: stream.status,
  StreamModeDetails: { StreamMode: stream.mode },
  StreamCreationTimestamp: new Timestamp(stream.createdAtMs),
});

const detailsOf = (stream: Stream) => ({
  ...factsOf(stream),
  RetentionPeriodHours: stream.retentionHours,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: 'NONE',
});

export const describeStreamSummary: Operation = ({ account, clock, controlPlane }, input): JsonObject => {
  const stream = targetStream(account, input);
  const summary = {
    ...detailsOf(stream),
    OpenShardCount: controlPlane.shards(stream, clock.now()).filter(({ isOpen }) => isOpen).length,
    ConsumerCount: stream.consumers.all.length,
    MaxRecordSizeInKiB: stream.maxRecordKiB,
    RecordDistributionStrategy: 'USER_PARTITION_KEY',
  };
  return { StreamDescriptionSummary: summary };
};

export const describeStream: Operation = ({ account, clock, controlPlane }, input): JsonObject => {
  const stream = targetStream(account, input);
  const limit = Math.min(optionalInteger(input, 'Limit', PAGE_LIMIT) ?? PAGE, PAGE);
  const after = optionalText(input, 'ExclusiveStartShardId', SHARD_ID) ?? '';
  const shards = controlPlane.shards(stream, clock.now()).filter((shard) => shard.id > after);
  const page = controlPlane.withoutHidden(stream, shards.slice(0, limit)).map(shardShape);
  return { StreamDescription: { ...detailsOf(stream), Shards: page, HasMoreShards: shards.length > limit } };
};

export const listStreams: Operation = ({ account }, input): JsonObject => {
  const limit = Math.min(optionalInteger(input, 'Limit', PAGE_LIMIT) ?? PAGE, PAGE);
  // The token is the last name of the page before: all that a listing in order of name needs.
  const after = optionalText(input, 'NextToken') ?? optionalText(input, 'ExclusiveStartStreamName', STREAM_NAME) ?? '';
  const streams = account.streams().filter(({ name }) => name > after);
  const page = streams.slice(0, limit);
  const hasMore = streams.length > limit;
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams: hasMore,
    StreamSummaries: page.map(factsOf),
    NextToken: hasMore ? page.at(-1)!.name : undefined,
  };
};
