import { KinesisThrottledError, KinesisTimeoutError, KinesisUnavailableError, SubscriptionInUseError } from '@sluice/kinesis';
import { randomFor, type SeededRandom } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { fannedOut, SHARD } from '../testing/fan-out-rig.ts';

/** Each run is a shard of its own. */
const RUNS = 150;
const STEPS = 60;

/**
 * Against the simplest model there is: whatever becomes of subscriptions, calls and the reader itself, each record is read once, in order,
 * up to the end of the shard.
 */
it('reads each record once and in order, whatever becomes of subscriptions', async () => {
  const random = randomFor('fan-out');
  for (let run = 0; run < RUNS; run++) {
    const rig = fannedOut({ random: random.next });
    const { reader, put, kinesis } = rig;
    let written = 0;
    const write = async (count: number) => {
      await put(count);
      written += count;
    };
    for (let step = 0; step < STEPS; step++) await random.pick(EVENTS)(rig, random, write);
    await write(3);
    kinesis.splitShard('s', SHARD);
    for (let second = 0; reader.iterator !== null; second++) {
      if (second > 3_000) throw new Error(`run ${run} does not come to the end of its shard`);
      await passSafely(rig, 1_000);
    }
    expect(reader.numbers, `run ${run}`).toEqual(Array.from({ length: written }, (_, index) => index));
    expect([reader.overlaps, reader.childShards.length]).toEqual([0, 2]);
    rig.pages[Symbol.dispose]();
    expect([rig.budget.used.bytes, rig.clock.pendingTimers]).toEqual([0, 0]);
  }
});

type Rig = ReturnType<typeof fannedOut>;
type Event = (rig: Rig, random: SeededRandom, write: (count: number) => Promise<void>) => Promise<void>;

const FAULTS = [
  () => new KinesisThrottledError('slow down', {}, undefined),
  () => new KinesisTimeoutError(30_000, {}),
  () => new KinesisUnavailableError('reset', {}, undefined),
  () => new SubscriptionInUseError('too soon', { shardId: SHARD }, undefined),
];

const write: Event = async (_, random, put) => await put(random.between(1, 5));
const read: Event = async (rig) => await passSafely(rig, 0);
const wait: Event = async (rig, random) => await passSafely(rig, random.pick([100, 1_000, 6_000, 40_000, 301_000]));

const EVENTS: readonly Event[] = [
  ...[write, write, write, read, read, read, wait, wait],
  /** Each of these becomes of the subscription that there is. */
  async ({ kinesis }) => kinesis.push.open[0]?.end(),
  async ({ kinesis }) => kinesis.push.open[0]?.beat(),
  async ({ kinesis }, random) => kinesis.push.open[0]?.fail(random.pick(FAULTS)()),
  async ({ displace }) => await displace().catch(() => undefined),
  async ({ kinesis, streamArn }) => kinesis.push.deregister(kinesis.push.register({ streamArn, name: 'app' }).arn),
  async ({ kinesis, streamArn }) => void kinesis.push.register({ streamArn, name: 'app' }, false),
  async ({ kinesis, streamArn }) => void kinesis.push.register({ streamArn, name: 'app' }, true),
  /** And these of calls. */
  async ({ kinesis }, random) => kinesis.failNext('subscribeToShard', random.pick(FAULTS)()),
  async ({ kinesis }, random) => kinesis.failNext('getRecords', random.pick(FAULTS)()),
  async ({ kinesis }, random) => kinesis.failNext('getShardIterator', random.pick(FAULTS)()),
  async ({ kinesis }) => kinesis.expireIterators(),
  /** The reader begins again at its checkpoint. */
  async ({ reader }) => await reader.restart().catch(() => undefined),
];

/** As the reader's machine: what fails is begun again at the checkpoint. */
async function passSafely({ reader }: Rig, ms: number): Promise<void> {
  await reader.pass(ms).catch(async () => await reader.restart().catch(() => undefined));
}
