import { ManualClock } from '@sluice/core/testing';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { KINESIS_QUOTA, type ReadQuota, ReadTurns, TABLE_QUOTA, type TurnLedger } from './read-turns.ts';

const MIB = 1024 * 1024;
const signal = AbortSignal.any([]);

describe('ReadTurns', () => {
  it('lets an ingress that is alone call when it likes, and looks for others every five seconds', async () => {
    const { reader, clock, calls } = place();
    const turns = reader('a');
    for (let call = 0; call < 50; call++) {
      await turns.wait('shard-0', signal);
      clock.advance(200);
    }
    expect(calls).toEqual(['a', 'a']);
  });

  it('gives the calls of a shard in turns once another ingress polls the stream', async () => {
    const { reader, waitOf } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.wait('shard-0', signal);
    expect([await waitOf(b, 'shard-0'), await waitOf(b, 'shard-1'), await waitOf(b, 'shard-0')]).toEqual([0, 0, 200]);
  });

  it('lets a shard pay for what a page takes beyond its call, also where others have their turns already', async () => {
    const { reader, clock, waitOf } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.wait('shard-0', signal);
    await b.wait('shard-0', signal);
    clock.advance(5_000);
    await a.wait('shard-0', signal);
    const waiting = waitOf(b, 'shard-0');
    expect(a.charge('shard-0', 3 * MIB)).toBe(1_500);
    expect(await waiting).toBe(1_500);
    expect(a.charge('shard-1', MIB / 4)).toBe(0);
  });

  it('has an ingress that comes wait for the page of another one, which knows of it from its next page on', async () => {
    const { reader, waitOf } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.wait('shard-0', signal);
    a.charge('shard-0', 2 * MIB);
    expect(await waitOf(b, 'shard-0')).toBe(1_000);
    a.charge('shard-0', MIB);
    await settled();
    expect(await waitOf(a, 'shard-0')).toBe(500);
  });

  it('takes no quota for enforced before a shard throttled, and for ten minutes after', async () => {
    const { reader, clock, calls } = place({ isEnforced: false });
    const turns = reader('a');
    await turns.wait('shard-0', signal);
    expect([turns.charge('shard-0', 4 * MIB), calls]).toEqual([0, []]);
    turns.throttled();
    await turns.wait('shard-0', signal);
    expect([turns.charge('shard-0', MIB / 4), turns.charge('shard-0', 4 * MIB), calls]).toEqual([0, 2_000, ['a', 'a']]);
    clock.advance(600_000);
    expect(turns.charge('shard-0', 4 * MIB)).toBe(0);
  });

  it('reads at its own pace while the ledger cannot be reached', async () => {
    const { reader, clock, outage, waitOf } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.wait('shard-0', signal);
    await b.wait('shard-0', signal);
    outage.isOn = true;
    clock.advance(10_000);
    expect(await waitOf(b, 'shard-0')).toBe(0);
  });

  it('lets two ingresses read the shard of a table as they like, and tells how many there are', async () => {
    const { reader, heard, waitOf } = place({ quota: TABLE_QUOTA });
    const [a, b, c] = [reader('a'), reader('b'), reader('c')];
    await a.wait('shard-0', signal);
    expect([await waitOf(b, 'shard-0'), await waitOf(b, 'shard-0')]).toEqual([0, 0]);
    expect([await waitOf(c, 'shard-0'), await waitOf(c, 'shard-0')]).toEqual([0, 100]);
    expect(heard).toEqual(['b sees 2', 'c sees 3']);
  });

  it('keeps busy and idle ingresses within what a shard allows, and leaves little unused', async () => {
    const { reader, clock } = place();
    const random = randomFor('turns');
    const [calls, bytes] = [new Bucket(5), new Bucket(2 * MIB)];
    const outcome = { answered: 0, throttled: 0 };
    const endMs = 60_000;
    const read = async (turns: ReadTurns, pauseMs: number, largest: number): Promise<number> => {
      let total = 0;
      await turns.wait('another shard', signal);
      await pass(clock, 5_000 + random.between(0, 1_000));
      while (clock.monotonic() < endMs) {
        await turns.wait('shard-0', signal);
        await pass(clock, random.between(0, 40));
        const page = random.between(0, largest);
        const isAnswered = calls.take(clock.monotonic(), 1) && bytes.take(clock.monotonic(), page);
        outcome[isAnswered ? 'answered' : 'throttled']++;
        await pass(clock, random.between(0, 40));
        if (isAnswered) total += page;
        await pass(clock, Math.max(pauseMs, turns.charge('shard-0', isAnswered ? page : 0)));
      }
      return total / MIB / 54;
    };
    const reading = Promise.all([
      read(reader('busy'), 200, 3 * MIB),
      read(reader('busy too'), 200, 2 * MIB),
      read(reader('idle'), 1_000, 0),
    ]);
    while (clock.monotonic() < endMs + 10_000) {
      await new Promise(setImmediate);
      clock.advance(10);
    }
    const [first, second] = await reading;
    expect(outcome.throttled / outcome.answered).toBeLessThan(0.02);
    expect(first + second).toBeGreaterThan(1.4);
    expect(Math.min(first, second)).toBeGreaterThan(0.4);
  });
});

const pass = (clock: ManualClock, ms: number): Promise<void> => new Promise<void>((resolve) => void clock.setTimeout(() => resolve(), ms));

/** A quota a second as the service counts it: what comes may take more than there is, and the next call pays for it. */
class Bucket {
  readonly #perSecond: number;
  #level: number;
  #atMs = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#level = perSecond;
  }

  take(nowMs: number, amount: number): boolean {
    this.#level = Math.min(this.#perSecond, this.#level + ((nowMs - this.#atMs) / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#level < Math.min(amount, 1)) return false;
    this.#level -= amount;
    return true;
  }
}

/** Ingresses that poll one stream, with a ledger in memory. */
function place({ quota = KINESIS_QUOTA, isEnforced = true }: { readonly quota?: ReadQuota; readonly isEnforced?: boolean } = {}) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const heard: string[] = [];
  const outage = { isOn: false };
  const names = new Set<string>();
  const free = new Map<string, number>();
  const paid = new Map<string, number>();
  const ledgerOf = (name: string): TurnLedger => ({
    take: async ({ shardId, callMs, paysMs = 0, hasTurn }) => {
      if (outage.isOn) throw new Error('no Redis');
      calls.push(name);
      names.add(name);
      const nowMs = clock.monotonic();
      if (shardId === undefined) return { waitMs: 0, readers: names.size };
      const paidMs = Math.max(nowMs, paid.get(shardId) ?? 0) + paysMs;
      paid.set(shardId, paidMs);
      if (callMs === undefined || (hasTurn && paidMs === nowMs)) return { waitMs: paidMs - nowMs, readers: names.size };
      const atMs = Math.max(paidMs, free.get(shardId) ?? 0);
      free.set(shardId, atMs + callMs);
      return { waitMs: atMs - nowMs, readers: names.size };
    },
  });
  const reader = (name: string) =>
    new ReadTurns({ ledger: ledgerOf(name), quota, isEnforced, clock, onReaders: (readers) => heard.push(`${name} sees ${readers}`) });
  /** How long a reader waits, to 10 ms. */
  const waitOf = async (turns: ReadTurns, shardId: string): Promise<number> => {
    const fromMs = clock.monotonic();
    let isOver = false;
    const waiting = turns.wait(shardId, signal).then(() => {
      isOver = true;
    });
    for (await settled(); !isOver; await settled()) clock.advance(10);
    await waiting;
    return clock.monotonic() - fromMs;
  };
  return { clock, reader, waitOf, calls, heard, outage };
}

const settled = () => new Promise(setImmediate);
