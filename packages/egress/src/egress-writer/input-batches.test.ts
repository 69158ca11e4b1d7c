import { expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { HeldChain } from '../testing/held-chain.ts';
import { settled } from '../testing/held-sink.ts';
import { holdOf, writerOf } from '../testing/writer-rig.ts';

const LINES = { type: 'archive', options: { format: 'lines' } };
const NOOP = 'root = content()';
const takesBatches = true;
const archiving = { processing: { records: chainOf(LINES), batches: undefined, refusesFailed: false }, takesBatches };

it('processes an input batch as a whole, and what came by itself alone', async () => {
  const { writer, sink, hold } = writerOf(archiving);
  writer.accept([...hold.inputBatch('a1', 'b1'), ...hold.inputBatch('c1'), ...hold.records('d1', 'e1')]);
  expect(sink.texts.flat()).toEqual(['a1\nb1', 'c1', 'd1', 'e1']);
  while (sink.open.length > 0) await sink.open[0]!.answer();
  expect(hold.written.toSorted()).toEqual(['a1', 'b1', 'c1', 'd1', 'e1']);
});

it('evaluates keys over an input batch', () => {
  const partitionKey = (batch: readonly unknown[], index: number) => `${index} of ${batch.length}`;
  const { writer, sink, hold } = writerOf({ keys: { partitionKey, hashKey: 'none' }, takesBatches });
  writer.accept([...hold.inputBatch('a1', 'b1'), ...hold.records('c1')]);
  const keys = sink.open.flatMap(({ input }) => input.records.map((record) => record.partitionKey));
  expect(keys).toEqual(['0 of 2', '1 of 2', '0 of 1']);
});

it('adds a whole input batch to the batch of the output before that leaves', () => {
  const { writer, sink, hold } = writerOf({ batching: { count: 2, byteSize: 0, periodMs: 0 }, takesBatches, maxInFlight: 1 });
  writer.accept([...hold.inputBatch('a1', 'b1', 'c1'), ...hold.records('d1')]);
  expect(sink.texts).toEqual([['a1', 'b1', 'c1']]);
});

it('processes what comes of a lane in its order, whatever the keys, and other lanes meanwhile', async () => {
  const chain = new HeldChain(chainOf(NOOP));
  const { writer, sink, hold } = writerOf({ processing: { records: chain, batches: undefined, refusesFailed: false }, takesBatches });
  writer.accept([...hold.inputBatch('a1', 'b1'), ...hold.records('b2')]);
  writer.accept(holdOf().inputBatch('c1'));
  expect(chain.texts).toEqual(['a1,b1', 'c1']);
  chain.open[0]!.release();
  await settled();
  expect([chain.texts, sink.texts]).toEqual([['c1', 'b2'], [['a1', 'b1']]]);
});
