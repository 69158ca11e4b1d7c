import { KinesisThrottledError, KinesisTimeoutError, KinesisUnavailableError } from '@sluice/kinesis';
import { randomFor, SeededRandom } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { type Defect, ReaderFleet } from './testing/fleet/reader-fleet.ts';

/** `SLUICE_TEST_RUNS=300` for more. */
const RUNS = Number(process.env['SLUICE_TEST_RUNS'] ?? 8);
const STEPS = 40;
/** Each defect is seen within so many runs, of which the seeds are always the same. */
const RUNS_OF_DEFECT = 100;

it('reads each record once and in order, parents before children, whatever becomes of workers, shards and subscriptions', async () => {
  const random = randomFor('reading');
  for (let run = 0; run < RUNS; run++) {
    const { seed } = new SeededRandom(random.below(2 ** 32));
    expect(await violationsOf(seed), `run ${run}, of its own seed ${seed}`).toEqual([]);
  }
});

it.each<Defect>(['answersEarly', 'childrenAtOnce', 'subscribesAtTip', 'pollsFromTip', 'overlooksChildren', 'endsUnknownShards'])(
  'would notice a reader that %s',
  async (defect) => {
    for (let seed = 1; seed <= RUNS_OF_DEFECT; seed++) if ((await violationsOf(seed, defect)).length > 0) return;
    expect.fail(`no run of ${RUNS_OF_DEFECT} noticed it`);
  },
);

/** What went wrong in one story, which the seed tells. */
async function violationsOf(seed: number, defect?: Defect): Promise<readonly string[]> {
  const random = new SeededRandom(seed);
  const fleet = new ReaderFleet(random, random.between(1, 3), defect);
  for (let worker = random.between(1, 3); worker > 0; worker--) fleet.start();
  const { violations } = fleet.lanes;
  for (let step = 0; step < STEPS && violations.length === 0; step++) await random.pick(EVENTS)(fleet, random);
  heal(fleet);
  for (let round = 0; violations.length === 0 && (round === 0 || fleet.unread().length > 0); round++) {
    if (round === 0) await fleet.put(12);
    if (round > 60) return [`these were not read: ${fleet.unread().join(', ')}`];
    await fleet.pass(2_000);
  }
  for (const worker of fleet.workers) fleet.kill(worker);
  return violations;
}

/** From here on nothing is in the way. */
function heal(fleet: ReaderFleet): void {
  fleet.hidden.clear();
  fleet.isFull = false;
  for (const { clock, connection } of fleet.workers) {
    clock.resume();
    connection.reconnect();
  }
  if (fleet.workers.length === 0) fleet.start();
}

type Event = (fleet: ReaderFleet, random: SeededRandom) => Promise<void> | void;

const FAULTS = [
  () => new KinesisThrottledError('slow down', {}, undefined),
  () => new KinesisTimeoutError(30_000, {}),
  () => new KinesisUnavailableError('reset', {}, undefined),
];

const write: Event = (fleet, random) => fleet.put(random.between(1, 12));
const wait: Event = (fleet, random) => fleet.pass(random.pick([100, 500, 2_000, 6_000]));

const EVENTS: readonly Event[] = [
  ...[write, write, write, wait, wait, wait, wait],
  (fleet) => fleet.reshard(false),
  (fleet) => fleet.reshard(true),
  (fleet) => fleet.hidden.clear(),
  /** A worker dies, stops, comes, or stands still for less or more than its leases last. */
  (fleet, random) => {
    if (fleet.workers.length > 0) fleet.kill(random.pick(fleet.workers));
    fleet.start();
  },
  (fleet, random) => {
    if (fleet.workers.length > 1) fleet.stop(random.pick(fleet.workers));
  },
  (fleet) => {
    if (fleet.workers.length < 4) fleet.start();
  },
  async (fleet, random) => {
    const { clock } = random.pick(fleet.workers);
    clock.pause();
    await fleet.pass(random.pick([1_000, 4_000, 9_000]));
    clock.resume();
  },
  async (fleet, random) => {
    const { connection } = random.pick(fleet.workers);
    connection.disconnect();
    await fleet.pass(random.pick([200, 3_000, 7_000]));
    connection.reconnect();
  },
  async (fleet, random) => {
    fleet.isFull = true;
    await fleet.pass(random.pick([300, 2_000]));
    fleet.isFull = false;
  },
  /** Of subscriptions. */
  (fleet) => fleet.displace(),
  (fleet) => fleet.displace(),
  ({ kinesis }, random) => {
    if (kinesis.push.open.length > 0) random.pick(kinesis.push.open).end();
  },
  ({ kinesis }, random) => {
    if (kinesis.push.open.length > 0) random.pick(kinesis.push.open).fail(random.pick(FAULTS)());
  },
  /** Of calls. */
  (fleet, random) =>
    fleet.failNext(random.pick(['subscribeToShard', 'getRecords', 'getShardIterator', 'listShards']), random.pick(FAULTS)()),
  ({ kinesis }) => kinesis.expireIterators(),
];
