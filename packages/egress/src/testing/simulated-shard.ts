/**
 * A shard with the service's quota of records, and writers that send it as much as a ledger lends them: how much of it throttles, without waiting
 * for anything. Others write to it as well, or it throttles at random.
 */
import { ManualClock } from '@sluice/core/testing';
import { WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import type { SeededRandom } from '@sluice/testkit';
import { createMemoryBudgetLedger } from '../shard-budget/memory-budget-ledger.ts';
import { ShardSlice } from '../shard-budget/shard-slice.ts';

export interface Weather {
  readonly writers: number;
  /** What others write, records a second, a tenth of a second's at a time. */
  readonly foreign?: number;
  /** The part of records that throttles whatever there is room for. */
  readonly atRandom?: number;
  /** How long a request takes, on average. */
  readonly answerMs: number;
}

export interface Outcome {
  /** A second. */
  readonly written: number;
  /** The part of what was sent. */
  readonly throttled: number;
}

interface Writer {
  readonly slice: ShardSlice;
  borrowsAtMs: number;
  hasThrottled: boolean;
  readonly open: Array<{ readonly atMs: number; readonly taken: number; readonly throttled: number }>;
}

const STEP_MS = 5;
const RECORD_BYTES = 250;
const MAX_OPEN = 4;
/** As writers do where they were lent less than they asked for. */
const SHORT_PAUSE_MS = 40;

/** So many seconds, of which those after `fromSeconds` count. */
export async function simulateShard(weather: Weather, random: SeededRandom, seconds: number, fromSeconds = 0): Promise<Outcome> {
  const { writers, foreign = 0, atRandom = 0, answerMs } = weather;
  const clock = new ManualClock();
  const ledger = createMemoryBudgetLedger({ isEnforced: true, clock });
  let room = WRITE_RECORDS_PER_SECOND;
  const counts = { taken: 0, throttled: 0 };
  const all = Array.from({ length: writers }, (): Writer => {
    const slice = new ShardSlice('shard', () => undefined);
    return { slice, borrowsAtMs: 0, hasThrottled: false, open: [] };
  });
  const isTaken = () => {
    if (random.next() < atRandom || room < 1) return false;
    room--;
    return true;
  };
  for (let step = 1; step * STEP_MS <= seconds * 1_000; step++) {
    clock.advance(STEP_MS);
    const nowMs = clock.monotonic();
    room = Math.min(WRITE_RECORDS_PER_SECOND, room + (WRITE_RECORDS_PER_SECOND * STEP_MS) / 1_000);
    if ((step * STEP_MS) % 100 === 0) room = Math.max(room - (foreign / 10) * (0.7 + 0.6 * random.next()), Math.min(room, 0));
    for (const writer of all) {
      const { slice, open } = writer;
      while (open[0] && open[0].atMs <= nowMs) learn(writer, open.shift()!, nowMs);
      const isShort = slice.lastsUntilMs(nowMs) <= nowMs;
      if ((isShort || writer.hasThrottled) && writer.borrowsAtMs <= nowMs) {
        const demand = slice.demand(isShort);
        writer.hasThrottled = false;
        const [grant] = (await ledger.borrow([demand])).grants;
        slice.grant(grant!, nowMs);
        writer.borrowsAtMs = nowMs + (grant!.records < demand.records ? SHORT_PAUSE_MS : 0);
      }
      if (open.length >= MAX_OPEN) continue;
      const answer = { atMs: nowMs + answerMs * (0.5 + random.next()), taken: 0, throttled: 0 };
      while (slice.take(RECORD_BYTES, nowMs)) answer[isTaken() ? 'taken' : 'throttled']++;
      if (answer.taken + answer.throttled > 0) open.push(answer);
      if (step * STEP_MS <= fromSeconds * 1_000) continue;
      counts.taken += answer.taken;
      counts.throttled += answer.throttled;
    }
  }
  return { written: counts.taken / (seconds - fromSeconds), throttled: counts.throttled / (counts.taken + counts.throttled) };
}

function learn(writer: Writer, { taken, throttled }: { readonly taken: number; readonly throttled: number }, nowMs: number): void {
  for (let record = 0; record < taken; record++) writer.slice.took();
  for (let record = 0; record < throttled; record++) writer.slice.throttled(RECORD_BYTES, nowMs);
  if (throttled > 0) writer.hasThrottled = true;
}
