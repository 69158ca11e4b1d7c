import type { SluiceRecord } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildShard } from '../page/record-page.ts';
import type { KinesisSource, StartingPosition } from '../ports.ts';
import { compareSequenceNumbers } from '../sequence-number.ts';
import type { KinesisUnderTest } from './kinesis.conformance.ts';

/** A source with a stream of one open shard, and what its port leaves out. */
export interface SourceUnderTest extends AsyncDisposable {
  readonly source: KinesisSource;
  readonly stream: string;
  readonly shardId: string;
  /** A stream that is not there. */
  readonly nowhere: string;
  /** Writes a record with each of these keys and answers their sequence numbers. */
  write(shardId: string, ...keys: readonly string[]): Promise<readonly string[]>;
  /** Closes a shard, as a split or the service does, and answers its children. */
  endShard(shardId: string): Promise<readonly string[]>;
}

/** What a shard reader relies on, whatever the records come from. */
export function describeSource(name: string, connect: () => Promise<SourceUnderTest>): void {
  describe(`${name} as a source`, () => {
    let under: SourceUnderTest;

    beforeEach(async () => {
      under = await connect();
    });
    afterEach(async () => {
      await under[Symbol.asyncDispose]();
    });

    const read = async (position: StartingPosition, limit = 1_000, shardId = under.shardId) => {
      const { source, stream } = under;
      const records: SluiceRecord[] = [];
      let children: readonly ChildShard[] = [];
      let iterator: string | null = await source.getShardIterator({ stream, shardId, position });
      for (let emptyPages = 0; iterator !== null && emptyPages < 2; ) {
        const page = await source.getRecords({ stream, shardId, iterator, limit });
        records.push(...page.recordsAfter().take());
        emptyPages = page.rawCount === 0 ? emptyPages + 1 : 0;
        iterator = page.nextIterator;
        children = page.childShards;
      }
      return { records, keys: records.map(({ partitionKey }) => partitionKey), isEnded: iterator === null, children };
    };

    it('describes its stream and lists its shards', async () => {
      const { source, stream, shardId } = under;
      await expect(source.describeStream(stream)).resolves.toMatchObject({ status: 'ACTIVE', openShardCount: 1, retentionHours: 24 });
      const [shard, ...others] = await source.listShards(stream);
      expect([shard?.shardId, shard?.parentShardId, shard?.endingSequenceNumber, others]).toEqual([shardId, undefined, undefined, []]);
    });

    it('knows no other stream, and no other shard', async () => {
      const { source, stream, shardId, nowhere } = under;
      const position = { type: 'TRIM_HORIZON' } as const;
      await expect(source.describeStream(nowhere)).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
      await expect(source.listShards(nowhere)).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
      const other = shardId.replace(/.$/, (last) => (last === '9' ? '8' : '9'));
      await expect(source.getShardIterator({ stream, shardId: other, position })).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
    });

    it('returns records in the order of the shard, each with its key and where it came from', async () => {
      const { stream, shardId, write } = under;
      const numbers = await write(shardId, 'a', 'für 😀', 'a');
      const { records, keys, isEnded } = await read({ type: 'TRIM_HORIZON' });
      expect({ keys, isEnded }).toEqual({ keys: ['a', 'für 😀', 'a'], isEnded: false });
      expect(records.map(({ origin }) => origin?.sequenceNumber)).toEqual(numbers);
      expect(numbers.toSorted(compareSequenceNumbers)).toEqual(numbers);
      expect(records.every(({ origin }) => origin?.stream === stream && origin.shardId === shardId && origin.subSequenceNumber === 0)).toBe(
        true,
      );
    });

    it('starts at the given position', async () => {
      const [, second] = await under.write(under.shardId, 'a', 'b', 'c');
      const keysFrom = async (position: StartingPosition) => (await read(position)).keys;
      expect(await keysFrom({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber: second! })).toEqual(['b', 'c']);
      expect(await keysFrom({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: second! })).toEqual(['c']);
      expect(await keysFrom({ type: 'LATEST' })).toEqual([]);
      const [first] = (await read({ type: 'TRIM_HORIZON' })).records;
      expect(await keysFrom({ type: 'AT_TIMESTAMP', timestampMs: first!.origin!.arrivalTimeMs })).toEqual(['a', 'b', 'c']);
    });

    it('returns no more than asked for, and continues after it', async () => {
      const { source, stream, shardId, write } = under;
      await write(shardId, 'a', 'b', 'c');
      const iterator = await source.getShardIterator({ stream, shardId, position: { type: 'TRIM_HORIZON' } });
      await expect(source.getRecords({ stream, shardId, iterator, limit: 2 })).resolves.toMatchObject({ rawCount: 2 });
      expect((await read({ type: 'TRIM_HORIZON' }, 2)).keys).toEqual(['a', 'b', 'c']);
      await expect(source.getRecords({ stream, shardId, iterator, limit: 10_000 })).resolves.toMatchObject({ rawCount: 3 });
    });

    it('is not asked once the lease is lost', async () => {
      const { source, stream, shardId } = under;
      const iterator = await source.getShardIterator({ stream, shardId, position: { type: 'TRIM_HORIZON' } });
      const lost = new Error('lost');
      const beforeSending = () => {
        throw lost;
      };
      await expect(source.getRecords({ stream, shardId, iterator, limit: 1, beforeSending })).rejects.toBe(lost);
    });

    it('ends a shard that was closed, and names its children', async () => {
      const { source, stream, shardId, write, endShard } = under;
      await write(shardId, 'a');
      const children = await endShard(shardId);
      expect(await read({ type: 'TRIM_HORIZON' })).toMatchObject({
        ...{ keys: ['a'], isEnded: true, children: children.map((child) => ({ shardId: child, parents: [shardId] })) },
      });
      const listed = await source.listShards(stream);
      expect(listed.filter(({ parentShardId }) => parentShardId === shardId).map((child) => child.shardId)).toEqual(children);
      expect(listed.find((shard) => shard.shardId === shardId)?.endingSequenceNumber).toEqual(expect.any(String));
      expect(await read({ type: 'TRIM_HORIZON' }, 1_000, children[0])).toMatchObject({ keys: [], isEnded: false });
    });
  });
}

/** The source side of a Kinesis. */
export async function sourceUnderTest(under: KinesisUnderTest): Promise<SourceUnderTest> {
  const { kinesis } = under;
  const stream = 'source';
  await under.createStream(stream, 1);
  return {
    ...{ source: kinesis, stream, nowhere: 'nowhere' },
    shardId: (await kinesis.listShards(stream))[0]!.shardId,
    async write(_, ...keys) {
      const results = [];
      for (const partitionKey of keys)
        results.push(...(await kinesis.putRecords({ stream, records: [{ partitionKey, data: Buffer.from('x') }] })).results);
      return results.map((result) => ('sequenceNumber' in result ? result.sequenceNumber : result.errorCode));
    },
    async endShard(shardId) {
      await under.splitShard(stream, shardId);
      return (await kinesis.listShards(stream)).filter(({ parentShardId }) => parentShardId === shardId).map((child) => child.shardId);
    },
    [Symbol.asyncDispose]: () => under[Symbol.asyncDispose](),
  };
}
