import { describe, expect, it } from 'vitest';
import { type MemoryMeter, RecordLog, type RecordPage } from './record-log.ts';

const EVERYTHING = Number.MAX_SAFE_INTEGER;

describe('RecordLog', () => {
  it('gives back what was put, over many segments', () => {
    const { log } = logOf(30, { size: 30_000 });

    const page = log.page(0, EVERYTHING, EVERYTHING);

    expect(log.segments).toBeGreaterThan(1);
    expect(textsOf(page)).toEqual(Array.from({ length: 30 }, (_, index) => String(index).padEnd(30_000, '.')));
    expect(page.nextArrivalMs).toBeUndefined();
  });

  it('begins at the ordinal, or at the next one above it', () => {
    const { log } = logOf(5);

    expect(ordinalsOf(log.page(20, EVERYTHING, EVERYTHING))).toEqual([20, 30, 40]);
    expect(ordinalsOf(log.page(21, EVERYTHING, EVERYTHING))).toEqual([30, 40]);
    expect(ordinalsOf(log.page(41, EVERYTHING, EVERYTHING))).toEqual([]);
  });

  it('ends a page at either limit and says when the next record came', () => {
    const { log } = logOf(5, { size: 100 });

    expect(log.page(0, 2, EVERYTHING)).toMatchObject({ count: 2, lastOrdinal: 10, nextArrivalMs: 1_002 });
    expect(log.page(0, EVERYTHING, 3 * 103)).toMatchObject({ count: 3, bytes: 3 * 103, lastOrdinal: 20, nextArrivalMs: 1_003 });
  });

  it('gives one record at least, however large', () => {
    const { log } = logOf(2, { size: 5_000 });

    expect(log.page(0, EVERYTHING, 10)).toMatchObject({ count: 1, lastOrdinal: 0 });
  });

  it('finds the first record since a time', () => {
    const { log } = logOf(5);

    expect([999, 1_002, 1_004, 1_005].map((timeMs) => log.firstOrdinalSince(timeMs))).toEqual([0, 20, 40, undefined]);
  });

  it('forgets what arrived before a time, also within a segment', () => {
    const { log } = logOf(5);

    log.trimBefore(1_002);

    expect(ordinalsOf(log.page(0, EVERYTHING, EVERYTHING))).toEqual([20, 30, 40]);
    expect(log.oldestArrivalMs).toBe(1_002);
  });

  it('forgets what lies up to an ordinal, also where none has it', () => {
    const { log } = logOf(5);

    log.trimThrough(10);
    expect(ordinalsOf(log.page(0, EVERYTHING, EVERYTHING))).toEqual([20, 30, 40]);
    log.trimThrough(39);
    expect(ordinalsOf(log.page(0, EVERYTHING, EVERYTHING))).toEqual([40]);
    log.trimThrough(40);
    expect(log.isEmpty).toBe(true);
  });

  it('gives back all memory that it took', () => {
    const { log, meter } = logOf(30, { size: 30_000 });
    expect(meter.heldBytes).toBeGreaterThan(30 * 30_000);

    log.clear();

    expect(meter.heldBytes).toBe(0);
    expect(log.isEmpty).toBe(true);
  });

  it('counts only untrimmed records when a segment is dropped', () => {
    const { log } = logOf(5);
    log.trimBefore(1_002);

    expect(log.dropOldestSegment()).toEqual({ count: 3, lastOrdinal: 40 });
    expect(log.isEmpty).toBe(true);
  });
});

/** A log of `count` records with the ordinals 0, 10, 20, …, arrivals 1000, 1001, … and data of `size` bytes that begins with the index. */
function logOf(count: number, { size = 10 } = {}): { log: RecordLog; meter: MemoryMeter } {
  const meter = { heldBytes: 0 };
  const log = new RecordLog(meter);
  for (let index = 0; index < count; index++) {
    const payload = Buffer.from(`##${String(index).padEnd(size, '.')}##`);
    log.append(index * 10, 1_000 + index, 'key', payload, 2, payload.length - 2);
  }
  return { log, meter };
}

const ordinalsOf = ({ runs }: RecordPage): number[] => runs.flatMap(({ segment, from, to }) => segment.ordinals.slice(from, to));

const textsOf = ({ runs }: RecordPage): string[] =>
  runs.flatMap(({ segment, from, to }) => Array.from({ length: to - from }, (_, at) => segment.dataOf(from + at).toString()));
