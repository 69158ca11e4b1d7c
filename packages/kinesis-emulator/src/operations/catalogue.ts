import * as consumers from './consumers.ts';
import * as createDelete from './create-delete.ts';
import { describeStream, describeStreamSummary, listStreams } from './describe.ts';
import { getRecords } from './get-records.ts';
import { getShardIterator } from './get-shard-iterator.ts';
import { listShards } from './list-shards.ts';
import type { Operation } from './operation.ts';
import { putRecord, putRecords } from './put.ts';
import { mergeShards, splitShard, updateShardCount } from './reshard.ts';
import { subscribeToShard } from './subscribe-to-shard.ts';

/** Every operation this emulator knows, by the name it has in `X-Amz-Target`. */
export const catalogue = {
  CreateStream: createDelete.createStream,
  DecreaseStreamRetentionPeriod: createDelete.decreaseStreamRetentionPeriod,
  DeleteStream: createDelete.deleteStream,
  DeregisterStreamConsumer: consumers.deregisterStreamConsumer,
  DescribeStream: describeStream,
  DescribeStreamConsumer: consumers.describeStreamConsumer,
  DescribeStreamSummary: describeStreamSummary,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: createDelete.increaseStreamRetentionPeriod,
  ListShards: listShards,
  ListStreamConsumers: consumers.listStreamConsumers,
  ListStreams: listStreams,
  MergeShards: mergeShards,
  PutRecord: putRecord,
  PutRecords: putRecords,
  RegisterStreamConsumer: consumers.registerStreamConsumer,
  SplitShard: splitShard,
  SubscribeToShard: subscribeToShard,
  UpdateMaxRecordSize: createDelete.updateMaxRecordSize,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: createDelete.updateStreamMode,
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof catalogue;

export const isOperationName = (name: string): name is OperationName => Object.hasOwn(catalogue, name);
