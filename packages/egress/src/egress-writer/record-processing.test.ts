import { SluiceError } from '@sluice/core';
import type { WriterEvent } from '@sluice/telemetry';
import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { holdOf, type TestHold, writerOf } from '../testing/writer-rig.ts';
import type { RecordInHand } from './record-in-hand.ts';
import { RecordProcessing } from './record-processing.ts';

const LINES = { type: 'archive', options: { format: 'lines' } };
const UNLINES = { type: 'unarchive', options: { format: 'lines' } };
const DROP_X = 'root = if content().string().has_prefix("x") { deleted() }';
const FAIL_Y = 'root = if content().string().has_prefix("y") { throw("why") } else { content() }';

const textsOf = (messages: readonly RecordInHand[]) => messages.map(({ content }) => Buffer.from(content).toString());

describe('RecordProcessing', () => {
  it('counts a record as written once every message made of it is', () => {
    const hold = holdOf();
    const messages = processingOf({}, UNLINES).run(hold.records('a\nb', 'c'));
    expect(textsOf(messages)).toEqual(['a', 'b', 'c']);
    for (const index of [1, 2]) messages[index]!.settle();
    expect(hold.written).toEqual(['c']);
    messages[0]!.settle();
    expect(hold.written).toEqual(['c', 'a\nb']);
  });

  it('counts every record of a message as written, or as rejected for its reason', () => {
    const [first, second] = [holdOf(), holdOf()];
    const processing = processingOf({}, LINES);
    const [archive] = processing.run([...first.records('a'), ...second.records('b')]);
    archive!.settle();
    const [refused] = processing.run([...first.records('c'), ...second.records('d')]);
    refused!.settle(new Refused('too large'));
    expect([first.written, second.written, first.refused, second.refused]).toEqual([['a'], ['b'], [['c', 'REFUSED']], [['d', 'REFUSED']]]);
  });

  it('rejects a record when one of its messages is rejected, but not before the others are settled', () => {
    const hold = holdOf();
    const [first, second] = processingOf({}, UNLINES).run(hold.records('a\nb'));
    first!.settle(new Refused('too large'));
    expect([hold.written, hold.refused]).toEqual([[], []]);
    second!.settle();
    expect([hold.written, hold.refused]).toEqual([[], [['a\nb', 'REFUSED']]]);
  });

  it('counts what a mapping deletes as written, and says how many', () => {
    const hold = holdOf();
    const events: WriterEvent[] = [];
    expect(textsOf(processingOf({ events }, DROP_X).run(hold.records('x1', 'a', 'x2')))).toEqual(['a']);
    expect([hold.written, events]).toEqual([['x1', 'x2'], [{ type: 'records.filtered', records: 2 }]]);
  });

  it('writes what fails as it is, unless failed records are refused', () => {
    const [hold, strict] = [holdOf(), holdOf()];
    const events: WriterEvent[] = [];
    expect(textsOf(processingOf({ events }, FAIL_Y).run(hold.records('y', 'a')))).toEqual(['y', 'a']);
    expect(events).toEqual([{ type: 'processing.failed', processor: 'root.0', reason: 'failed assignment (line 1): why' }]);
    expect(textsOf(processingOf({ refusesFailed: true }, FAIL_Y).run(strict.records('y', 'a')))).toEqual(['a']);
    expect([hold.refused, strict.refused]).toEqual([[], [['y', 'PROCESSING_FAILED']]]);
  });

  it('leaves out the records of lanes that are no longer open', () => {
    const [open, closed] = [holdOf(), holdOf()];
    closed.isOpen = false;
    expect(textsOf(processingOf({}, LINES).run([...closed.records('a'), ...open.records('b')]))).toEqual(['b']);
    expect([closed.written, closed.refused]).toEqual([[], []]);
  });

  it('counts a message under the lease that ends first', () => {
    const [a, b] = [holdOf(), holdOf()];
    a.remainingMs = 300;
    const [archive] = processingOf({}, LINES).run([...a.records('1'), ...b.records('2')]);
    expect(archive!.owner.leaseEndsInMs()).toBe(300);
  });

  it('gives messages of the same lanes one owner', () => {
    const [a, b] = [holdOf(), holdOf()];
    const [one, two] = [a.records('1\n2'), b.records('3')];
    const messages = processingOf({}, { type: 'split', options: { size: 2, byte_size: 0 } }, LINES, UNLINES).run([
      ...one,
      ...two,
      ...two,
      ...one,
    ]);
    expect(textsOf(messages)).toEqual(['1', '2', '3', '3', '1', '2']);
    expect(new Set(messages.map(({ owner }) => owner)).size).toBe(1);
  });
});

describe('a writer with processors', () => {
  const archiving = (count: number) => ({
    batching: { count, byteSize: 0, periodMs: 0 },
    processing: { records: undefined, batches: chainOf(LINES), refusesFailed: false },
    keys: { partitionKey: () => 'k', hashKey: 'none' } as const,
  });

  it('runs those of each record before a batch is formed, and those of a batch when it leaves', async () => {
    const { writer, sink, hold } = writerOf({
      ...archiving(2),
      processing: { records: chainOf(DROP_X, UNLINES), batches: chainOf(LINES), refusesFailed: false },
    });
    writer.accept(hold.records('a', 'x', 'b', 'c\nd', 'e'));
    expect([sink.texts, hold.written]).toEqual([[['a\nb', 'c\nd']], ['x']]);
    writer.flush('shutdown');
    await sink.open[0]!.answer();
    expect([sink.texts, hold.written]).toEqual([[['e']], ['x', 'a', 'b', 'c\nd']]);
  });

  it('sends the batches of a key one after the other, also when one fails', async () => {
    const { writer, sink, hold, clock } = writerOf({ ...archiving(2), ordering: 'strict' });
    writer.accept(hold.records('a', 'b', 'c', 'd', 'e'));
    writer.flush('shutdown');
    expect(sink.texts).toEqual([['a\nb']]);
    await sink.open[0]!.answer({ 'a\nb': 'InternalFailure' });
    clock.advance(1_000);
    for (let request = 0; request < 3; request++) await sink.open[0]!.answer();
    expect([sink.written, hold.written]).toEqual([
      ['a\nb', 'c\nd', 'e'],
      ['a', 'b', 'c', 'd', 'e'],
    ]);
  });

  it('evaluates keys over what the processors left', async () => {
    const { writer, sink, hold } = writerOf({
      ...archiving(2),
      keys: {
        partitionKey: (batch, index) => `${batch.length}-${batch[index]!.content.byteLength}`,
        hashKey: 'none',
      },
    });
    writer.accept(hold.records('abc', 'd'));
    expect(sink.open[0]!.input.records.map(({ partitionKey }) => partitionKey)).toEqual(['1-5']);
  });

  it('makes dead letters of all records of an archive that is too large', () => {
    const { writer, sink, hold } = writerOf(archiving(2));
    writer.accept(hold.records('a'.repeat(600), 'b'.repeat(600)));
    expect([sink.texts, hold.refused.map(([, code]) => code)]).toEqual([[], ['RECORD_TOO_LARGE', 'RECORD_TOO_LARGE']]);
  });

  it('sends nothing that needs a lane which may not send, and displaces the others when it is withdrawn', async () => {
    const { writer, sink, hold } = writerOf(archiving(2));
    const other = holdOf();
    other.remainingMs = 10;
    writer.accept([...hold.records('a'), ...other.records('b')]);
    expect(sink.texts).toEqual([]);
    close(other);
    await writer.withdraw(other);
    expect([hold.isDisplaced, writer.isIdle]).toEqual([true, true]);
  });

  it('keeps what waits for a batch when another lane is withdrawn', async () => {
    const { writer, sink, hold } = writerOf(archiving(3));
    const other = holdOf();
    writer.accept([...hold.records('a'), ...other.records('b')]);
    close(other);
    await writer.withdraw(other);
    writer.accept(hold.records('c', 'd'));
    expect([sink.texts, hold.isDisplaced]).toEqual([[['a\nc\nd']], false]);
  });

  it('waits for what is in flight of a lane, and displaces the others when that fails', async () => {
    const { writer, sink, hold } = writerOf(archiving(2));
    const other = holdOf();
    writer.accept([...hold.records('a'), ...other.records('b')]);
    close(other);
    let isQuiet = false;
    const quiet = writer.withdraw(other).then(() => {
      isQuiet = true;
    });
    await Promise.resolve();
    expect([isQuiet, hold.isDisplaced]).toEqual([false, false]);
    await sink.open[0]!.answer({ 'a\nb': 'InternalFailure' });
    await quiet;
    expect([hold.isDisplaced, hold.written, writer.isIdle]).toEqual([true, [], true]);
  });

  it('still counts what was written of a lane that stays', async () => {
    const { writer, sink, hold } = writerOf(archiving(2));
    const other = holdOf();
    writer.accept([...hold.records('a'), ...other.records('b')]);
    close(other);
    const quiet = writer.withdraw(other);
    await sink.open[0]!.answer();
    await quiet;
    expect([hold.isDisplaced, hold.written]).toEqual([false, ['a']]);
  });
});

const close = (hold: TestHold) => {
  hold.isOpen = false;
};

class Refused extends SluiceError {
  readonly code = 'REFUSED';
  readonly disposition = 'reject';
}

interface Options {
  readonly refusesFailed?: boolean;
  readonly events?: WriterEvent[];
}

type Step = Parameters<typeof chainOf>[number];

function processingOf({ refusesFailed = false, events = [] }: Options, ...steps: Step[]) {
  const processing = new RecordProcessing(chainOf(...steps), refusesFailed, (event) => events.push(event));
  return {
    run: (batch: readonly RecordInHand[]): readonly RecordInHand[] => {
      const made = processing.run(batch);
      if (made instanceof Promise) throw new Error('expected processors that do not wait');
      return made;
    },
  };
}
