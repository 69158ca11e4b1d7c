import { silentLogger } from '@sluice/core';
import { KinesisAccessError, ShardMap, type StreamDescription, StreamNotFoundError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { findShards, resolveStream } from './resolve-stream.ts';

describe('resolveStream', () => {
  it('answers the ARN, the record size and the shards of the stream', async () => {
    await expect(resolve({ maxRecordBytes: 2_097_152 })).resolves.toEqual({
      stream: ARN,
      maxRecordBytes: 2_097_152,
      isAutoDistributed: false,
      shards: new ShardMap([]),
    });
  });

  it('waits for a stream that is being created', async () => {
    await expect(resolve({ status: 'CREATING' })).rejects.toMatchObject({ code: 'STREAM_NOT_ACTIVE', disposition: 'retry' });
  });

  it('refuses a stream that ignores partition keys, unless no order is promised', async () => {
    await expect(resolve({ isAutoDistributed: true })).rejects.toMatchObject({ code: 'STREAM_AUTO_DISTRIBUTED', disposition: 'fatal' });
    await expect(resolve({ isAutoDistributed: true }, 'none')).resolves.toMatchObject({ stream: ARN });
  });

  it('writes by name, with a warning, where the policy forbids only to describe', async () => {
    const warnings: string[] = [];
    const denied = Object.assign(new Error('not authorized to perform: kinesis:DescribeStreamSummary'), { name: 'AccessDeniedException' });
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    const sink = { describeStream: () => Promise.reject(new KinesisAccessError('denied', {}, denied)), listShards };

    await expect(resolveStream(sink, 'out', { ordering: 'key', logger })).resolves.toEqual({
      stream: 'out',
      maxRecordBytes: 1_048_576,
      isAutoDistributed: false,
      shards: new ShardMap([]),
    });
    expect(warnings).toEqual(['stream cannot be described: writing to it by name, with the default record size']);
  });

  it('writes without pacing, with a warning, where the policy forbids to list shards', async () => {
    const warnings: string[] = [];
    const denied = Object.assign(new Error('not authorized to perform: kinesis:ListShards'), { name: 'AccessDeniedException' });
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    const sink = { listShards: () => Promise.reject(new KinesisAccessError('denied', {}, denied)) };

    await expect(findShards(sink, 'out', { logger })).resolves.toBeUndefined();
    expect(warnings).toEqual(['shards cannot be listed: nothing keeps writers within their quotas, and aggregates hold one key each']);
  });

  it.each([
    new KinesisAccessError('wrong key', {}, Object.assign(new Error('no such key'), { name: 'UnrecognizedClientException' })),
    new StreamNotFoundError('no such stream', { stream: 'out' }, undefined),
  ])('passes every other refusal on: %s', async (refusal) => {
    const sink = { describeStream: () => Promise.reject(refusal), listShards };
    await expect(resolveStream(sink, 'out', { ordering: 'key', logger: silentLogger })).rejects.toBe(refusal);
  });
});

const listShards = async () => [];
const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/out';

const resolve = (facts: Partial<StreamDescription>, ordering: 'key' | 'none' = 'key') =>
  resolveStream(
    {
      describeStream: async () => ({
        name: 'out',
        arn: ARN,
        status: 'ACTIVE',
        createdAtMs: 0,
        retentionHours: 24,
        openShardCount: 1,
        maxRecordBytes: 1_048_576,
        isAutoDistributed: false,
        ...facts,
      }),
      listShards,
    },
    'out',
    { ordering, logger: silentLogger },
  );
