import { FakeKinesis } from './fake-kinesis.ts';
import { describeKinesis } from './kinesis.conformance.ts';
import { describeKinesisPush } from './push.conformance.ts';
import { describeSource, sourceUnderTest } from './source.conformance.ts';

describeKinesis('FakeKinesis', startUnderTest);
describeKinesisPush('FakeKinesis', startUnderTest);
describeSource('FakeKinesis', async () => sourceUnderTest(await startUnderTest()));

async function startUnderTest() {
  const kinesis = new FakeKinesis();
  return {
    kinesis,
    push: kinesis,
    createStream: async (stream: string, shardCount: number) => kinesis.createStream(stream, shardCount),
    splitShard: async (stream: string, shardId: string) => kinesis.splitShard(stream, shardId),
    mergeShards: async (stream: string, shardId: string, adjacentShardId: string) => kinesis.mergeShards(stream, shardId, adjacentShardId),
    deregisterConsumer: async (consumerArn: string) => kinesis.push.deregister(consumerArn),
    expireSubscriptions: async () => {
      for (const subscription of kinesis.push.open) subscription.end();
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
