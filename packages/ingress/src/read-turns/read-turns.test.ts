import { ManualClock } from '@sluice/core/testing';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { KINESIS_QUOTA, type ReadQuota, ReadTurns, TABLE_QUOTA, type TurnLedger } from './read-turns.ts';

const MIB = 1024 * 1024;

describe('ReadTurns', () => {
  it('lets an ingress that is alone call when it likes, and looks for others every five seconds', async () => {
    const { reader, clock, calls } = place();
    const turns = reader('a');
    for (let call = 0; call < 50; call++) {
      expect(await turns.next('shard-0')).toBe(0);
      clock.advance(200);
    }
    expect(calls).toEqual(['a ', 'a ']);
  });

  it('gives the calls of a shard in turns once another ingress polls the stream', async () => {
    const { reader } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.next('shard-0');
    const waits = [await b.next('shard-0'), await b.next('shard-0'), await b.next('shard-1')];
    expect(waits).toEqual([0, 200, 0]);
  });

  it('lets a page pay for what it takes beyond its call', async () => {
    const { reader } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.next('shard-0');
    await b.next('shard-0');
    expect(b.charge('shard-0', 3 * MIB)).toBe(1_500);
    expect(await b.next('shard-0')).toBe(1_500);
    b.charge('shard-0', 0);
    expect(await b.next('shard-0')).toBe(1_700);
    expect(a.charge('shard-1', MIB)).toBe(500);
  });

  it('takes no quota for enforced before a shard throttled, and for ten minutes after', async () => {
    const { reader, clock, calls } = place({ isEnforced: false });
    const turns = reader('a');
    expect([await turns.next('shard-0'), turns.charge('shard-0', 4 * MIB), calls]).toEqual([0, 0, []]);
    turns.throttled();
    expect([turns.charge('shard-0', 4 * MIB), await turns.next('shard-0'), calls]).toEqual([2_000, 0, ['a ']]);
    clock.advance(600_000);
    expect(turns.charge('shard-0', 4 * MIB)).toBe(0);
  });

  it('reads at its own pace while the ledger cannot be reached', async () => {
    const { reader, clock, outage } = place();
    const [a, b] = [reader('a'), reader('b')];
    await a.next('shard-0');
    await b.next('shard-0');
    outage.isOn = true;
    clock.advance(10_000);
    expect(await b.next('shard-0')).toBe(0);
  });

  it('lets two ingresses read the shard of a table as they like, and tells how many there are', async () => {
    const { reader, heard } = place({ quota: TABLE_QUOTA });
    const [a, b, c] = [reader('a'), reader('b'), reader('c')];
    await a.next('shard-0');
    expect([await b.next('shard-0'), await b.next('shard-0')]).toEqual([0, 0]);
    expect([await c.next('shard-0'), await c.next('shard-0')]).toEqual([0, 100]);
    expect(heard).toEqual(['b sees 2', 'c sees 3']);
  });

  it('keeps busy and idle ingresses within what a shard allows, and leaves little unused', async () => {
    const { reader, clock } = place();
    const random = randomFor('turns');
    const [calls, bytes] = [new Bucket(5), new Bucket(2 * MIB)];
    let [answered, throttled] = [0, 0];
    const readers = ['busy', 'busy too', 'idle'].map((name) => ({ name, turns: reader(name), isBusy: name !== 'idle', readBytes: 0 }));
    // Each knows of the others before the first call.
    for (const { turns } of readers) await turns.next('another shard');
    clock.advance(5_000);
    for (const { turns } of readers) await turns.next('another shard');
    const due = readers.map((each) => ({ ...each, of: each, hasTurn: false, atMs: clock.monotonic() + random.between(0, 1_000) }));
    const endMs = clock.monotonic() + 60_000;
    while (clock.monotonic() < endMs) {
      const next = due.reduce((first, each) => (each.atMs < first.atMs ? each : first));
      clock.advance(next.atMs - clock.monotonic());
      const nowMs = clock.monotonic();
      if (!next.hasTurn) next.atMs += await next.turns.next('shard-0');
      else {
        const page = next.isBusy ? random.between(100_000, 2 * MIB) : 0;
        if (calls.take(nowMs, 1) && bytes.take(nowMs, page)) {
          next.of.readBytes += page;
          answered++;
        } else throttled++;
        next.atMs += Math.max(next.isBusy ? 200 : 1_000, next.turns.charge('shard-0', page));
      }
      next.hasTurn = !next.hasTurn;
    }
    const [first, second] = readers.map(({ readBytes }) => readBytes / MIB / 60);
    // A page may take more than was thought while another turn is given already.
    expect(throttled / answered).toBeLessThan(0.05);
    expect(first! + second!).toBeGreaterThan(1.5);
    expect(Math.min(first!, second!)).toBeGreaterThan(0.6);
  });
});

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
  const ledgerOf = (name: string): TurnLedger => ({
    take: async (shardId, callMs) => {
      if (outage.isOn) throw new Error('no Redis');
      calls.push(`${name} ${shardId}`);
      names.add(name);
      if (shardId === '') return { waitMs: 0, readers: names.size };
      const atMs = Math.max(clock.monotonic(), free.get(shardId) ?? 0);
      free.set(shardId, atMs + callMs);
      return { waitMs: atMs - clock.monotonic(), readers: names.size };
    },
  });
  const reader = (name: string) =>
    new ReadTurns({ ledger: ledgerOf(name), quota, isEnforced, clock, onReaders: (readers) => heard.push(`${name} sees ${readers}`) });
  return { clock, reader, calls, heard, outage };
}
