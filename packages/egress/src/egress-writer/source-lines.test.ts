import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { HeldChain } from '../testing/held-chain.ts';
import { writerOf } from '../testing/writer-rig.ts';

const INTERNAL = 'InternalFailure';

describe('ordering: shard', () => {
  it('has one request of a source shard open at a time, whatever the keys, and shards at once', async () => {
    const { writer, hold, sink } = writerOf({ ordering: 'shard' });
    writer.accept(hold.fromShard('0', 'a1', 'b1'));
    writer.accept([...hold.fromShard('0', 'c1'), ...hold.fromShard('1', 'c2')]);
    expect(sink.texts).toEqual([['a1', 'b1'], ['c2']]);
    await sink.open[0]!.answer();
    expect(sink.texts).toEqual([['c2'], ['c1']]);
  });

  it('sends nothing of a source shard beyond a record that failed, and counts what passed it inside its request', async () => {
    const { writer, hold, sink, events, clock } = writerOf({ ordering: 'shard' });
    writer.accept(hold.fromShard('0', 'a1', 'b1', 'c1'));
    await sink.open[0]!.answer({ b1: INTERNAL });
    writer.accept(hold.fromShard('0', 'd1'));
    expect([sink.texts, events.filter(({ type }) => type === 'records.reordered')]).toEqual([
      [],
      [{ type: 'records.reordered', records: 1 }],
    ]);
    clock.advance(1_000);
    expect(sink.texts).toEqual([['b1', 'd1']]);
  });

  it('keeps records that no shard brought in the order of their keys', async () => {
    const { writer, hold, sink } = writerOf({ ordering: 'shard' });
    writer.accept(hold.records('a1'));
    writer.accept(hold.records('a2', 'b1'));
    expect(sink.texts).toEqual([['a1'], ['b1']]);
    await sink.open[0]!.answer();
    expect(sink.texts).toEqual([['b1'], ['a2']]);
  });

  it('processes the records of a shard one after the other', async () => {
    const chain = new HeldChain(chainOf({ type: 'archive', options: { format: 'lines' } }));
    const { writer, hold } = writerOf({ ordering: 'shard', processing: { records: chain, batches: undefined, refusesFailed: false } });
    writer.accept([...hold.fromShard('0', 'a1', 'b1'), ...hold.fromShard('1', 'c1')]);
    expect(chain.texts).toEqual(['a1', 'c1']);
  });

  it('sends messages made of batches one request after the other, since each may hold records of several shards', async () => {
    const { writer, hold, sink } = writerOf({
      ...{ ordering: 'shard', batching: { count: 2, byteSize: 0, periodMs: 0 } },
      processing: { records: undefined, batches: chainOf({ type: 'archive', options: { format: 'lines' } }), refusesFailed: false },
    });
    writer.accept([...hold.fromShard('0', 'a1'), ...hold.fromShard('1', 'a2')]);
    writer.accept([...hold.fromShard('1', 'b1'), ...hold.fromShard('0', 'b2')]);
    expect(sink.texts).toEqual([['a1\na2']]);
    await sink.open[0]!.answer();
    expect(sink.texts).toEqual([['b1\nb2']]);
  });
});
