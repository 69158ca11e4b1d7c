import type { Message } from '@sluice/bloblang';
import type { BenchCase, Side } from './cases.ts';

export interface Measurement {
  readonly name: string;
  /** Messages in a second of one core, median of the rounds. */
  readonly bloblang: number;
  readonly handWritten: number;
  /** Median of the ratios of each round, in which both sides ran one after the other. */
  readonly ratio: number;
  readonly lowestRatio: number;
  readonly highestRatio: number;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** How long one side runs in one round, in processor time. */
  readonly roundMs: number;
}

/** Runs both sides of a case in turns, who begins changing from round to round. */
export function measure({ name, messages, batchSize, bloblang, handWritten }: BenchCase, { rounds, roundMs }: MeasureOptions): Measurement {
  const batches = batchesOf(messages, batchSize);
  for (const side of [bloblang, handWritten, bloblang, handWritten]) ratePerSecond(side, batches, roundMs / 2);
  const results = Array.from({ length: rounds }, (_, round) => {
    const first = round % 2 === 0 ? bloblang : handWritten;
    const second = first === bloblang ? handWritten : bloblang;
    const rates = new Map([first, second].map((side) => [side, ratePerSecond(side, batches, roundMs)]));
    return { bloblang: rates.get(bloblang)!, handWritten: rates.get(handWritten)! };
  });
  const ratios = results.map((result) => result.bloblang / result.handWritten);
  return {
    name,
    bloblang: median(results.map((result) => result.bloblang)),
    handWritten: median(results.map((result) => result.handWritten)),
    ratio: median(ratios),
    lowestRatio: Math.min(...ratios),
    highestRatio: Math.max(...ratios),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * By the processor time of this thread, so that what else the machine does counts little. New batches of new messages each time
 * around, so that nothing that is remembered of one helps the next.
 */
function ratePerSecond(side: Side, batches: ReadonlyArray<readonly Message[]>, forMs: number): number {
  let count = 0;
  const start = threadMs();
  let elapsed = 0;
  while (elapsed < forMs) {
    for (const batch of batches) {
      const fresh = batch.map((message) => ({ ...message }));
      for (let index = 0; index < fresh.length; index++) side(fresh, index);
      count += fresh.length;
    }
    elapsed = threadMs() - start;
  }
  return (count / elapsed) * 1000;
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export function batchesOf(messages: readonly Message[], batchSize: number): Message[][] {
  return Array.from({ length: Math.ceil(messages.length / batchSize) }, (_, index) =>
    messages.slice(index * batchSize, (index + 1) * batchSize),
  );
}
