import { systemClock } from '@sluice/core';
import type { PutRecordsInput, PutRecordsOutput, PutResult } from '@sluice/kinesis';
import { expect, it } from 'vitest';
import { RecordNotStoredError } from '../errors.ts';
import { KeyedRequests } from './keyed-requests.ts';

const STORED: PutResult = { sequenceNumber: '1', shardId: 's' };
const THROTTLED: PutResult = { errorCode: 'ProvisionedThroughputExceededException', errorMessage: '' };
const record = (text: string) => ({ partitionKey: text[0]!, data: Buffer.from(text) });

it('sends what comes together in one request, and the same key again only after its answer', async () => {
  const { requests, sink, answers } = sinkOf();
  const keyed = requestsOf(sink);
  const first = ['a1', 'b1'].map((text) => keyed.write(record(text)));
  await answers.asked(1);
  const second = ['a2', 'c1'].map((text) => keyed.write(record(text)));
  await answers.asked(2);
  expect(requests).toEqual(['a1 b1', 'c1']);
  answers.give(0, [STORED, STORED]);
  await answers.asked(3);
  expect(requests).toEqual(['a1 b1', 'c1', 'a2']);
  answers.give(1, [STORED]);
  answers.give(2, [STORED]);
  await Promise.all([...first, ...second]);
});

it('repeats the records that were throttled, before those of their keys that came later', async () => {
  const { requests, sink, answers } = sinkOf();
  const keyed = requestsOf(sink);
  const stored = ['a1', 'b1'].map((text) => keyed.write(record(text)));
  await answers.asked(1);
  stored.push(keyed.write(record('a2')));
  answers.give(0, [THROTTLED, STORED]);
  await answers.asked(2);
  expect(requests).toEqual(['a1 b1', 'a1 a2']);
  answers.give(1, [STORED, STORED]);
  await Promise.all(stored);
});

it('gives up when the backoff is spent, and holds to the limits of a request', async () => {
  const { requests, sink, answers } = sinkOf();
  const keyed = requestsOf(sink, { maxRetries: 1 });
  const lost = keyed.write(record('a1'));
  await answers.asked(1);
  answers.give(0, [THROTTLED]);
  await answers.asked(2);
  answers.give(1, [THROTTLED]);
  await expect(lost).rejects.toThrow(RecordNotStoredError);

  const many = Array.from({ length: 501 }, (_, index) => keyed.write({ partitionKey: String(index), data: Buffer.from('x') }));
  await answers.asked(4);
  expect(requests.slice(2).map((request) => request.split(' ').length)).toEqual([500, 1]);
  answers.give(
    2,
    Array.from({ length: 500 }, () => STORED),
  );
  answers.give(3, [STORED]);
  await Promise.all(many);
});

function requestsOf(sink: { putRecords(input: PutRecordsInput): Promise<PutRecordsOutput> }, { maxRetries = 0 } = {}) {
  const backoff = { initialIntervalMs: 1, maxIntervalMs: 1, maxElapsedMs: 0, maxRetries };
  return new KeyedRequests({ sink, stream: 's', maxInFlight: 8, backoff, clock: systemClock, signal: new AbortController().signal });
}

/** Requests are answered when the test says so. */
function sinkOf() {
  const requests: string[] = [];
  const open: ((results: readonly PutResult[]) => void)[] = [];
  let told = Promise.withResolvers<void>();
  const sink = {
    putRecords: ({ records }: PutRecordsInput): Promise<PutRecordsOutput> => {
      requests.push(records.map(({ data }) => Buffer.from(data).toString()).join(' '));
      const answer = Promise.withResolvers<PutRecordsOutput>();
      open.push((results) => answer.resolve({ failedCount: results.filter((result) => 'errorCode' in result).length, results }));
      told.resolve();
      told = Promise.withResolvers<void>();
      return answer.promise;
    },
  };
  const asked = async (count: number): Promise<void> => {
    while (requests.length < count) await told.promise;
  };
  return { requests, sink, answers: { asked, give: (index: number, results: readonly PutResult[]) => open[index]!(results) } };
}
