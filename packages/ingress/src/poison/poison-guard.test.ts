import type { OnError } from '@sluice/config';
import type { RecordRows, SluiceRecord } from '@sluice/core';
import { rowsOf } from '@sluice/core/testing';
import { MALFORMED_AGGREGATE } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import type { RecordsRefused } from '../shard-reader/records-refused.ts';
import { PoisonGuard } from './poison-guard.ts';

describe('PoisonGuard', () => {
  it('passes everything on unless it is told otherwise', async () => {
    const { guard, reports } = guardOf('pass');
    const slice = sliceOf('1', 'bad 2', '3');
    expect(guard.cut(slice)).toBe(slice);
    expect(await guard.admit(slice.records)).toBe(slice.records);
    expect(reports).toEqual([]);
  });

  it('leaves out what it makes dead letters of, and nothing before they are stored', async () => {
    const { guard, reports, stored, storing } = guardOf('dead_letter');
    const admitting = guard.admit(sliceOf('bad 1', '2', 'bad 3', '4').records);
    await new Promise(setImmediate);
    expect([stored, reports]).toEqual([['1 no records', '3 no records'], []]);
    storing.resolve();
    expect(numbersOf(await admitting)).toEqual(['2', '4']);
    expect(reports).toEqual([{ type: 'records.refused', records: 2, action: 'dead_letter', reason: 'no records' }]);
  });

  it('keeps the slice where a dead letter cannot be stored', async () => {
    const { guard, reports, storing } = guardOf('dead_letter');
    const admitting = guard.admit(sliceOf('bad 1').records);
    storing.reject(new Error('no Redis'));
    await expect(admitting).rejects.toThrow('no Redis');
    expect(reports).toEqual([]);
  });

  it('counts what it drops', async () => {
    const { guard, reports, stored } = guardOf('drop');
    expect(numbersOf(await guard.admit(sliceOf('1', 'bad 2').records))).toEqual(['1']);
    expect([reports, stored]).toEqual([[{ type: 'records.refused', records: 1, action: 'drop', reason: 'no records' }], []]);
  });

  it('lets the records before one through at which its shard stands still, until the reader begins anew', () => {
    const { guard } = guardOf('block');
    const cut = guard.cut(sliceOf('1', '2', 'bad 3', '4'));
    expect([numbersOf(cut.records), cut.isLast]).toEqual([['1', '2'], false]);
    // Whatever the page would give next: the reader must not pass that record.
    const blocked = expect.objectContaining({ code: 'SHARD_BLOCKED', disposition: 'retry', message: expect.stringContaining('record 3') });
    expect(failureOf(() => guard.cut(sliceOf('4')))).toEqual(blocked);
    guard.reset();
    expect(failureOf(() => guard.cut(sliceOf('bad 3', '4')))).toEqual(blocked);
    guard.reset();
    expect(numbersOf(guard.cut(sliceOf('4')).records)).toEqual(['4']);
  });
});

function guardOf(onError: OnError) {
  const reports: RecordsRefused[] = [];
  const stored: string[] = [];
  const storing = Promise.withResolvers<void>();
  const guard = new PoisonGuard({
    ...{ onError, stream: 's', shardId: 'shard-0' },
    store: (records, reasons) => {
      stored.push(...numbersOf(records).map((number, index) => `${number} ${reasons[index]!.details['reason']}`));
      return storing.promise;
    },
    report: (event) => reports.push(event),
  });
  return { guard, reports, stored, storing };
}

const sliceOf = (...records: readonly string[]) => ({ records: rowsOf(records.map(recordOf)), isLast: true });

function recordOf(text: string): SluiceRecord {
  const [sequenceNumber, ...bad] = text.split(' ').reverse() as [string, ...string[]];
  return {
    ...{ partitionKey: 'k', data: Buffer.alloc(1), metadata: bad.length > 0 ? { [MALFORMED_AGGREGATE]: 'no records' } : {} },
    origin: { stream: 's', shardId: 'shard-0', arrivalTimeMs: 0, sequenceNumber, subSequenceNumber: 0 },
  };
}

const numbersOf = (records: RecordRows): string[] => Array.from(records, ({ origin }) => origin!.sequenceNumber);

function failureOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
