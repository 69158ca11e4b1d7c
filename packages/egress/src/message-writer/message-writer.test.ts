import { ManualClock } from '@sluice/core/testing';
import { KinesisValidationError } from '@sluice/kinesis';
import { expandAggregate } from '@sluice/kinesis/testing';
import { describe, expect, it } from 'vitest';
import type { KeyRules } from '../egress-writer/record-encoder.ts';
import type { LargeRecordStore } from '../egress-writer/record-offload.ts';
import type { RecordWriterSettings } from '../egress-writer/record-writer.ts';
import { settled } from '../testing/held-sink.ts';
import { HeldStore } from '../testing/held-store.ts';
import { retrying, writerOf } from '../testing/writer-rig.ts';
import { MessageWriter } from './message-writer.ts';

const MIB = 1_024 * 1_024;
const THROTTLED = 'ProvisionedThroughputExceededException';

describe('MessageWriter', () => {
  it('answers each batch once its messages are written, whatever shares their requests', async () => {
    const { write, sink, answers } = messageWriterOf();
    write('a1', 'b1');
    write('a2');
    expect(sink.texts).toEqual([['a1', 'b1']]);
    await sink.open[0]!.answer();
    expect([answers, sink.texts]).toEqual([[{}], [['a2']]]);
    await sink.open[0]!.answer();
    expect(answers).toEqual([{}, {}]);
  });

  it('tries what was throttled again before newer messages of its key, and fails it alone once its retries are spent', async () => {
    const { write, sink, answers, clock } = messageWriterOf({ retry: retrying({ maxRetries: 1 }) });
    write('a1', 'b1');
    write('a2');
    await sink.open[0]!.answer({ a1: THROTTLED });
    expect([answers, sink.texts]).toEqual([[], []]);
    clock.advance(1_000);
    expect(sink.texts).toEqual([['a1', 'a2']]);
    await sink.open[0]!.answer({ a1: THROTTLED });
    expect(answers).toEqual([{}, { 0: 'RECORD_NOT_WRITTEN' }]);
  });

  it('computes keys over the batch, and fails a message whose key fails, or that the stream never takes', async () => {
    const partitionKey: KeyRules['partitionKey'] = (batch, index) => {
      const text = Buffer.from(batch[index]!.content).toString();
      if (text === 'no key') throw new Error('none');
      return `${Buffer.from(batch[0]!.content)}/${index}`;
    };
    const { write, sink, answers } = messageWriterOf({ maxRecordBytes: 20 }, { keys: { partitionKey, hashKey: () => '' } });
    write('a', 'no key', 'x'.repeat(21), 'b');
    expect(sink.open[0]!.input.records.map((record) => record.partitionKey)).toEqual(['a/0', 'a/3']);
    await sink.open[0]!.answer();
    expect(answers).toEqual([{ 1: 'KEY_INTERPOLATION', 2: 'RECORD_TOO_LARGE' }]);
    write('no key');
    await settled();
    expect(answers[1]).toEqual({ 0: 'KEY_INTERPOLATION' });
  });

  it('packs what shares a key, and fails all that is in a container whose retries are spent', async () => {
    const { write, sink, answers, clock } = messageWriterOf({
      retry: retrying({ maxRetries: 1 }),
      aggregation: { by: 'key', maxRecords: 100, maxBytes: 500 },
    });
    write('a1', 'a2', 'b1');
    const container = sink.open[0]!.input.records[0]!;
    expect(
      expandAggregate({ partitionKey: 'a', data: container.data, metadata: {} }).map(({ data }) => Buffer.from(data).toString()),
    ).toEqual(['a1', 'a2']);
    for (const _ of [1, 2]) {
      await sink.open[0]!.answer({ [Buffer.from(container.data).toString()]: THROTTLED });
      clock.advance(1_000);
    }
    expect(answers).toEqual([{ 0: 'RECORD_NOT_WRITTEN', 1: 'RECORD_NOT_WRITTEN' }]);
  });

  it('packs a container that the stream takes no longer anew, and loses nothing of it', async () => {
    let maxRecordBytes = 2 * MIB;
    const { write, sink, answers, clock } = messageWriterOf({
      maxRecordBytes,
      findMaxRecordBytes: async () => maxRecordBytes,
      aggregation: { by: 'key', maxRecords: 100, maxBytes: 10 * MIB },
      limits: { maxRecords: 500, maxBytes: 10 * MIB },
    });
    write(...['a1', 'a2', 'a3'].map((text) => text + 'x'.repeat(0.6 * MIB)));
    maxRecordBytes = MIB;
    clock.advance(2_000);
    await sink.open[0]!.fail(new KinesisValidationError('too large', {}, undefined));
    for (let request = 0; sink.open.length > 0 && request < 10; request++) await sink.open[0]!.answer();
    expect([answers, sink.written.map((text) => text.slice(0, 2))]).toEqual([[{}], ['a1', 'a2', 'a3']]);
  });

  it('puts too large data elsewhere, newer messages of the key behind it', async () => {
    const store = new HeldStore();
    const { write, sink, answers } = messageWriterOf({ maxRecordBytes: 300 }, { store });
    write(`a${'x'.repeat(300)}`, 'a2', 'b1');
    expect(sink.texts).toEqual([['b1']]);
    await sink.open[0]!.answer();
    await store.open[0]!.done();
    for (let request = 0; sink.open.length > 0 && request < 10; request++) await sink.open[0]!.answer();
    expect([answers, sink.written.map((text) => store.resolve(text))]).toEqual([[{}], ['b1', `a${'x'.repeat(300)}`, 'a2']]);
  });
});

/** Keys are first letters. What became of each batch stands in `answers`, in the order in which that was known. */
function messageWriterOf(
  settings: Partial<RecordWriterSettings> & { maxRecordBytes?: number; findMaxRecordBytes?: () => Promise<number> } = {},
  { keys = FIRST_LETTERS, store }: { readonly keys?: KeyRules; readonly store?: LargeRecordStore } = {},
) {
  const clock = new ManualClock();
  const { writer, sink } = writerOf(settings, clock, store && { largeRecords: store });
  const messages = new MessageWriter({ writer, stream: 'out', keys, clock });
  const answers: Record<number, string>[] = [];
  const write = (...texts: string[]) =>
    void messages
      .write(texts.map((text) => ({ content: Buffer.from(text), metadata: {} })))
      .then((failures) => answers.push(Object.fromEntries([...failures].map(([index, { code }]) => [index, code]))));
  return { write, sink, clock, answers };
}

const FIRST_LETTERS: KeyRules = {
  partitionKey: (batch, index) => Buffer.from(batch[index]!.content).toString()[0]!,
  hashKey: 'none',
};
