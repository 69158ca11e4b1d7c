import { type SluiceRecord, sleep, systemClock } from '@sluice/core';
import { readLaneCounts } from '@sluice/queue';
import { type NodeProcess, until } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { describe, expect, it } from 'vitest';
import { TARGET } from './testing/egress.ts';
import { audit, type Rig, startRig, type TestWorker } from './testing/egress-rig.ts';
import { recordOf, textOf } from './testing/fake-lane.ts';

const KEYS = 20;
const PER_KEY = 200;
/** One key has as many records as ten others. */
const HOT = 2_000;
/** At the quota of its shard the hot key alone takes 2 s. */
const FULL_SPEED_MS = 5_000;
const PER_JOB = 100;
/** How long another producer fills a shard: a moment, so that the test is short. `SLUICE_TEST_FILLED_SECONDS=60` for a minute. */
const FILLED_SECONDS = Number(process.env['SLUICE_TEST_FILLED_SECONDS'] ?? 2);

describe('writers of a stream with quotas', () => {
  it('keep within them together, with a key in order that has a third of all records', async () => {
    await using rig = await startRig({ quotas: true });
    await feedSkewed(rig);
    const startedAt = performance.now();
    const workers = await startFour(rig);
    await untilWritten(rig);
    const tookMs = performance.now() - startedAt;

    const { throttled, reordered } = countsOf(workers);
    const result = await auditAll(rig);
    expect(result).toMatchObject({ missing: 0, repeated: 0 });
    expect(throttled).toBeLessThan((KEYS * PER_KEY + HOT) / 10);
    if (reordered === 0) expect(result.outOfOrder).toBe(0);
    // A machine that is slower than the quota has no need to wait for it.
    if (tookMs < FULL_SPEED_MS) expect(workers.some(({ events }) => events.some(({ type }) => type === 'budget.awaited'))).toBe(true);
  });

  it('lose nothing and count what passed an earlier record, though others fill a shard and write to all', async () => {
    await using rig = await startRig({ quotas: true });
    const done = new AbortController();
    const foreign = writeForeign(rig, done.signal);
    await feedSkewed(rig);
    const workers = await startFour(rig);
    await untilWritten(rig);
    done.abort();
    await foreign;

    const result = await auditAll(rig);
    expect(result).toMatchObject({ missing: 0, repeated: 0 });
    const { reordered } = countsOf(workers);
    if (reordered === 0) expect(result.outOfOrder).toBe(0);
  });

  it('do so as processes of their own', async () => {
    await using rig = await startRig({ quotas: true });
    const done = new AbortController();
    const foreign = writeForeign(rig, done.signal, FILLED_SECONDS);
    const times = Math.ceil(FILLED_SECONDS / 4);
    await feedSkewed(rig, times);
    const workers = Array.from({ length: 4 }, () => rig.spawnWorker({ egress: { ordering: 'key' }, hasQuotas: true }));
    await untilWritten(rig);
    done.abort();
    await foreign;

    const result = await auditAll(rig, times);
    const sumOf = (...events: string[]) => workers.reduce((sum, worker) => sum + recordsIn(worker, events), 0);
    expect(result.missing).toBe(0);
    // A process that gets no processor for long loses its leases. It then says how many records may repeat.
    expect(result.repeated).toBeLessThanOrEqual(sumOf('request.ambiguous', 'ack.lost'));
    const reordered = sumOf('records.reordered');
    if (FILLED_SECONDS > 2) process.stdout.write(`${JSON.stringify({ ...result, reordered })}\n`);
    if (reordered === 0) expect(result.outOfOrder).toBe(0);
  });
});

async function feedSkewed({ sender }: Rig, times = 1): Promise<void> {
  const batches = new Map<number, SluiceRecord[]>();
  const add = async (text: string) => {
    const lane = sender.laneOf(text.slice(0, text.indexOf('-') + 1));
    const records = batches.get(lane) ?? [];
    batches.set(lane, records);
    records.push(recordOf(text));
    if (records.length < PER_JOB) return;
    batches.delete(lane);
    await sender.enqueue([{ lane, records }], sender.session.epoch);
  };
  for (let number = 0; number < HOT * times; number++) {
    await add(`hot-${number}`);
    if (number % (HOT / PER_KEY) === 0) for (let key = 0; key < KEYS; key++) await add(`k${key}-${number / (HOT / PER_KEY)}`);
  }
  for (const [lane, records] of batches) await sender.enqueue([{ lane, records }], sender.session.epoch);
}

const startFour = (rig: Rig): Promise<TestWorker[]> =>
  Promise.all(
    Array.from({ length: 4 }, (_, index) => rig.startWorker({ ordering: 'key' }, { workerId: `writer-${index}`, hasQuotas: true })),
  );

/** A producer that fills the first shard for some seconds, and from then on writes a little to all. */
async function writeForeign({ client }: Rig, until: AbortSignal, seconds = 2): Promise<void> {
  for (let round = 0; !until.aborted; round++) {
    const records = Array.from({ length: round < 10 * seconds ? 200 : 40 }, (_, index) => ({
      partitionKey: `foreign-${round}-${index}`,
      data: Buffer.from('foreign'),
      ...(round < 10 * seconds && { explicitHashKey: '0' }),
    }));
    await client.putRecords({ stream: 'out', records });
    await sleep(systemClock, 100, until).catch(() => undefined);
  }
}

async function untilWritten({ session }: Rig): Promise<void> {
  const isWritten = async () => (await readLaneCounts(session, { target: TARGET })).every(({ records }) => records === 0);
  await until('all is written', isWritten, (100 + 4 * FILLED_SECONDS) * 1_000);
}

async function auditAll({ client }: Rig, times = 1) {
  const texts: string[] = [];
  for await (const record of readBack(client, 'out')) texts.push(textOf(record));
  const own = texts.filter((text) => text !== 'foreign');
  return audit(own, { keys: 1, perKey: (KEYS * PER_KEY + HOT) * times });
}

/** Of these events, as its log has them. */
const recordsIn = ({ log }: NodeProcess, events: readonly string[]): number =>
  log
    .matchAll(/"event":"([^"]+)"[^\n]*?"records":(\d+)/g)
    .filter(([, event]) => events.includes(event!))
    .reduce((sum, [, , records]) => sum + Number(records), 0);

function countsOf(workers: readonly TestWorker[]): { readonly throttled: number; readonly reordered: number } {
  const counts = { throttled: 0, reordered: 0 };
  for (const { events } of workers)
    for (const event of events) {
      if (event.type === 'request.answered') counts.throttled += event.throttled;
      if (event.type === 'records.reordered') counts.reordered += event.records;
    }
  return counts;
}
