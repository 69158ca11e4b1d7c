import type { SluiceRecord } from '@sluice/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Aggregator } from '../aggregation/aggregate.ts';
import type { ChildShard } from '../page/record-page.ts';
import type { KinesisSink, KinesisSource, StartingPosition } from '../ports.ts';
import { compareSequenceNumbers } from '../sequence-number.ts';
import { uncoveredHashKeys } from '../shard-description.ts';

/** A Kinesis under test, with what the ports leave out. */
export interface KinesisUnderTest extends AsyncDisposable {
  readonly kinesis: KinesisSource & KinesisSink;
  createStream(stream: string, shardCount: number): Promise<void>;
  splitShard(stream: string, shardId: string): Promise<void>;
  mergeShards(stream: string, shardId: string, adjacentShardId: string): Promise<void>;
}

/** What both ports promise, for every implementation. */
export function describeKinesis(name: string, connect: () => Promise<KinesisUnderTest>): void {
  describe(`${name} as a Kinesis`, () => {
    let under: KinesisUnderTest;
    let streams = 0;

    beforeAll(async () => {
      under = await connect();
    });
    afterAll(async () => {
      await under[Symbol.asyncDispose]();
    });

    const newStream = async (shardCount: number): Promise<string> => {
      const stream = `conformance-${++streams}`;
      await under.createStream(stream, shardCount);
      return stream;
    };
    const put = (stream: string, entries: ReadonlyArray<readonly [key: string, text: string]>) =>
      under.kinesis.putRecords({ stream, records: entries.map(([partitionKey, text]) => ({ partitionKey, data: Buffer.from(text) })) });
    const read = async (stream: string, shardId: string, position: StartingPosition, limit = 1_000) => {
      const records: SluiceRecord[] = [];
      let children: readonly ChildShard[] = [];
      let iterator: string | null = await under.kinesis.getShardIterator({ stream, shardId, position });
      for (let emptyPages = 0; iterator && emptyPages < 2; ) {
        const page = await under.kinesis.getRecords({ stream, shardId, iterator, limit });
        records.push(...page.recordsAfter().take());
        emptyPages = page.rawCount === 0 ? emptyPages + 1 : 0;
        iterator = page.nextIterator;
        children = page.childShards;
      }
      return { records, isEnded: iterator === null, children };
    };
    const firstShardOf = async (stream: string): Promise<string> => (await under.kinesis.listShards(stream))[0]!.shardId;
    const texts = (records: Iterable<SluiceRecord>) => Array.from(records, ({ data }) => Buffer.from(data).toString());

    it('describes a stream', async () => {
      const stream = await newStream(2);
      await expect(under.kinesis.describeStream(stream)).resolves.toEqual({
        name: stream,
        arn: expect.stringMatching(new RegExp(`^arn:aws:kinesis:[^:]+:\\d{12}:stream/${stream}$`)),
        status: 'ACTIVE',
        createdAtMs: expect.any(Number),
        retentionHours: 24,
        openShardCount: 2,
        maxRecordBytes: 1_048_576,
        isAutoDistributed: false,
      });
    });

    it('does not know other streams', async () => {
      await expect(under.kinesis.describeStream('nowhere')).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
      await expect(under.kinesis.listShards('nowhere')).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
      await expect(put('nowhere', [['k', 'x']])).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
    });

    it('returns what was put, in order, with where it came from', async () => {
      const stream = await newStream(1);
      const { failedCount, results } = await put(stream, [
        ['a', 'one'],
        ['für 😀 "', 'two'],
        ['a', ''],
      ]);
      const shardId = await firstShardOf(stream);
      const { records, isEnded } = await read(stream, shardId, { type: 'TRIM_HORIZON' });

      expect(failedCount).toBe(0);
      expect(isEnded).toBe(false);
      expect(records.map(({ partitionKey }) => partitionKey)).toEqual(['a', 'für 😀 "', 'a']);
      expect(texts(records)).toEqual(['one', 'two', '']);
      expect(records.map(({ origin }) => ({ sequenceNumber: origin?.sequenceNumber, shardId: origin?.shardId }))).toEqual(results);
      expect(records.every(({ origin }) => origin?.stream === stream && origin.subSequenceNumber === 0)).toBe(true);
      const numbers = records.map(({ origin }) => origin!.sequenceNumber);
      expect(numbers.toSorted(compareSequenceNumbers)).toEqual(numbers);
    });

    it('starts at the given position', async () => {
      const stream = await newStream(1);
      await put(stream, [
        ['a', 'one'],
        ['a', 'two'],
        ['a', 'three'],
      ]);
      const shardId = await firstShardOf(stream);
      const { records } = await read(stream, shardId, { type: 'TRIM_HORIZON' });
      const { sequenceNumber } = records[1]!.origin!;

      const textsFrom = async (position: StartingPosition) => texts((await read(stream, shardId, position)).records);
      expect(await textsFrom({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber })).toEqual(['two', 'three']);
      expect(await textsFrom({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber })).toEqual(['three']);
      expect(await textsFrom({ type: 'AT_TIMESTAMP', timestampMs: records[0]!.origin!.arrivalTimeMs })).toEqual(['one', 'two', 'three']);
      expect(await textsFrom({ type: 'LATEST' })).toEqual([]);
    });

    it('returns no more than asked for, and continues after it', async () => {
      const stream = await newStream(1);
      await put(stream, [
        ['a', 'one'],
        ['a', 'two'],
        ['a', 'three'],
      ]);
      const shardId = await firstShardOf(stream);
      const iterator = await under.kinesis.getShardIterator({ stream, shardId, position: { type: 'TRIM_HORIZON' } });

      const page = await under.kinesis.getRecords({ stream, shardId, iterator, limit: 2 });
      expect(texts(page.recordsAfter().take())).toEqual(['one', 'two']);
      expect(page).toMatchObject({ rawCount: 2, byteSize: 6 });
      const next = await under.kinesis.getRecords({ stream, shardId, iterator: page.nextIterator!, limit: 2 });
      expect(texts(next.recordsAfter().take())).toEqual(['three']);
      expect(next.millisBehindLatest).toBe(0);
    });

    it('expands aggregates', async () => {
      const stream = await newStream(1);
      const aggregate = new Aggregator(1_000_000);
      for (const text of ['one', 'two']) aggregate.add({ partitionKey: 'inner', data: Buffer.from(text) });
      await under.kinesis.putRecords({ stream, records: [{ partitionKey: 'inner', data: aggregate.toBytes() }] });
      const shardId = await firstShardOf(stream);
      const { records } = await read(stream, shardId, { type: 'TRIM_HORIZON' });

      expect(texts(records)).toEqual(['one', 'two']);
      expect(records.map(({ origin }) => origin?.subSequenceNumber)).toEqual([0, 1]);
    });

    it('puts a record where its explicit hash key belongs', async () => {
      const stream = await newStream(2);
      const shards = await under.kinesis.listShards(stream);
      const records = shards.map(({ hashRange }) => ({
        partitionKey: 'same',
        explicitHashKey: String(hashRange.end),
        data: Buffer.from('x'),
      }));
      const { results } = await under.kinesis.putRecords({ stream, records });
      expect(results.map((result) => ('shardId' in result ? result.shardId : result.errorCode))).toEqual(
        shards.map(({ shardId }) => shardId),
      );
    });

    it('refuses a whole request for one record that is too large', async () => {
      const stream = await newStream(1);
      const records = [1, 1_048_577].map((length) => ({ partitionKey: 'k', data: Buffer.alloc(length) }));
      await expect(under.kinesis.putRecords({ stream, records })).rejects.toMatchObject({
        code: 'KINESIS_VALIDATION',
        disposition: 'reject',
      });
    });

    it('ends the parents of a split and a merge, and links their children', async () => {
      const stream = await newStream(2);
      const [low, high] = (await under.kinesis.listShards(stream)).map(({ shardId }) => shardId) as [string, string];
      await put(
        stream,
        Array.from({ length: 20 }, (_, index) => [`key-${index}`, 'before'] as const),
      );
      await under.splitShard(stream, low);
      const children = (await under.kinesis.listShards(stream))
        .filter(({ parentShardId }) => parentShardId === low)
        .map(({ shardId }) => shardId);
      await under.mergeShards(stream, children[1]!, high);

      const shards = await under.kinesis.listShards(stream);
      const merged = shards.find(({ parentShardId, adjacentParentShardId }) => [parentShardId, adjacentParentShardId].includes(high))!;
      expect([merged.parentShardId, merged.adjacentParentShardId].sort()).toEqual([children[1], high].sort());
      expect(uncoveredHashKeys(shards, new Set([low]))).toEqual([]);
      expect(await read(stream, low, { type: 'TRIM_HORIZON' })).toMatchObject({
        isEnded: true,
        children: children.map((shardId) => ({ shardId, parents: [low] })),
      });
      const {
        isEnded,
        children: [heir, ...others],
      } = await read(stream, high, { type: 'TRIM_HORIZON' });
      expect({ isEnded, heir: heir?.shardId, parents: [...(heir?.parents ?? [])].sort(), others }).toEqual({
        ...{ isEnded: true, heir: merged.shardId, parents: [children[1], high].sort(), others: [] },
      });
      expect(await read(stream, merged.shardId, { type: 'TRIM_HORIZON' })).toMatchObject({ isEnded: false, children: [] });
    });
  });
}
