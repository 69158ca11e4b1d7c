import type { SluiceRecord } from '@sluice/core';
import { expect, it } from 'vitest';
import { toLaneJobs } from './lane-jobs.ts';

const RECORDS = Array.from({ length: 1_100 }, (): SluiceRecord => ({ partitionKey: 'k', data: Buffer.alloc(1_000), metadata: {} }));
const sizes = (together: boolean) =>
  toLaneJobs({ target: 'out', lane: 0, lanes: 1, records: RECORDS, together }, 0).map(({ data }) => [data.records, data.together]);

it('cuts records into jobs, and keeps those of an input batch in one', () => {
  expect(sizes(false)).toEqual([
    [500, undefined],
    [500, undefined],
    [100, undefined],
  ]);
  expect(sizes(true)).toEqual([[1_100, true]]);
});
