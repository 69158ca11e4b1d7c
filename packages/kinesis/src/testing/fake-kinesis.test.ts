import { FakeKinesis } from './fake-kinesis.ts';
import { describeKinesis } from './kinesis.conformance.ts';

describeKinesis('FakeKinesis', async () => {
  const kinesis = new FakeKinesis();
  return {
    kinesis,
    createStream: async (stream, shardCount) => kinesis.createStream(stream, shardCount),
    splitShard: async (stream, shardId) => kinesis.splitShard(stream, shardId),
    mergeShards: async (stream, shardId, adjacentShardId) => kinesis.mergeShards(stream, shardId, adjacentShardId),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
