import { KinesisThrottledError, KinesisUnavailableError, KinesisValidationError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { recordOf } from '../testing/fake-lane.ts';
import { settled } from '../testing/held-sink.ts';
import { CreepingClock, holdOf, retrying, writerOf } from '../testing/writer-rig.ts';
import { RecordInHand } from './record-in-hand.ts';

const THROTTLED = 'ProvisionedThroughputExceededException';

describe('RecordWriter', () => {
  it('reports a processor that throws, as one that crashes does', () => {
    const crash = { type: 'crash', options: { message: { source: 'bye', position: { file: 'a', line: 1, column: 1 } } } };
    const { writer, hold } = writerOf({ processing: { records: chainOf(crash), batches: undefined, refusesFailed: false } });
    const reported: string[] = [];
    writer.run(({ type }) => reported.push(type));
    writer.accept(hold.records('a1'));
    expect(reported).toEqual(['requests.broken']);
  });

  it('writes what it gets, and tells each record', async () => {
    const { writer, sink, hold } = writerOf();
    writer.accept(hold.records('a1', 'b1'));

    expect(sink.texts).toEqual([['a1', 'b1']]);
    await sink.open[0]!.answer();

    expect([hold.written, writer.isIdle]).toEqual([['a1', 'b1'], true]);
  });

  it('tries only the failed records of a request again, after a pause, before newer ones of their key', async () => {
    const { writer, sink, hold, clock } = writerOf();
    writer.accept(hold.records('a1', 'b1', 'a2'));
    await sink.open[0]!.answer({ a1: THROTTLED });
    writer.accept(hold.records('a3', 'b2'));

    expect(sink.texts).toEqual([['b2']]);
    clock.advance(999);
    expect(sink.open).toHaveLength(1);
    clock.advance(1);
    expect(sink.texts).toEqual([['b2'], ['a1', 'a3']]);
  });

  it.each(Array.from({ length: 20 }, (_, index) => 985 + index))(
    'does not forget a record that becomes due while it looks at the others, at %i ms',
    async (lookedAtMs) => {
      const clock = new CreepingClock();
      const { writer, sink, hold } = writerOf({}, clock);
      writer.accept(hold.records('a1'));
      await sink.open[0]!.answer({ a1: THROTTLED });
      clock.advance(lookedAtMs - clock.reads);
      writer.accept(hold.records('b1'));
      await sink.open[0]!.answer();
      clock.advance(1_000);
      await sink.open[0]?.answer();

      expect(hold.written.toSorted()).toEqual(['a1', 'b1']);
    },
  );

  it('reads the hash key of a record as the Kinesis Producer Library does', async () => {
    const { writer, sink, hold } = writerOf({ keys: { partitionKey: 'record', hashKey: 'record' } });
    const settle = (_: number, reason: { readonly code: string } | undefined) => void hold.refused.push(['r', reason?.code ?? '']);
    for (const explicitHashKey of [' 007 ', ' ', '-5']) {
      writer.accept([new RecordInHand({ ...recordOf('a1'), explicitHashKey }, hold, { ack: { settle }, acceptedMs: 0 }, 0)]);
    }

    expect(sink.open.flatMap(({ input }) => input.records.map((record) => record.explicitHashKey))).toEqual(['7']);
    await sink.open[0]!.answer();
    expect(sink.open.flatMap(({ input }) => input.records.map((record) => record.explicitHashKey))).toEqual([undefined]);
    expect(hold.refused).toEqual([
      ['r', 'INVALID_HASH_KEY'],
      ['r', ''],
    ]);
  });

  it('keeps no more requests open than it may', async () => {
    const { writer, sink, hold } = writerOf({ maxInFlight: 2, limits: { maxRecords: 1, maxBytes: 1_000 } });
    writer.accept(hold.records('a1', 'b1', 'c1'));

    expect(sink.texts).toEqual([['a1'], ['b1']]);
    await sink.open[1]!.answer();
    expect(sink.texts).toEqual([['a1'], ['c1']]);
  });

  it('lets a fifth request wait to be full while four are open', async () => {
    const { writer, sink, hold } = writerOf({ limits: { maxRecords: 3, maxBytes: 10_000 } });
    for (const text of ['a1', 'b1', 'c1', 'd1', 'e1', 'f1']) writer.accept(hold.records(text));
    expect(sink.texts).toEqual([['a1'], ['b1'], ['c1'], ['d1']]);

    writer.accept(hold.records('g1', 'h1'));
    expect(sink.texts).toEqual([['a1'], ['b1'], ['c1'], ['d1'], ['e1', 'f1', 'g1']]);

    await sink.open[0]!.answer();
    expect(sink.open).toHaveLength(4);
    await sink.open[0]!.answer();
    expect(sink.texts).toEqual([['c1'], ['d1'], ['e1', 'f1', 'g1'], ['h1']]);
  });

  it('gives a lane up, dropping nothing, when a record has spent its retries', async () => {
    const { writer, sink, hold, clock } = writerOf({ retry: retrying({ maxRetries: 1 }) });
    writer.accept(hold.records('a1', 'b1'));
    await sink.open[0]!.answer({ a1: THROTTLED });
    clock.advance(1_000);
    await sink.open[0]!.answer({ a1: THROTTLED });

    expect(hold.budget).toEqual({ attempts: 2, reason: expect.objectContaining({ code: 'RECORD_FAILED' }) });
    clock.advance(60_000);
    expect([sink.open, hold.written, hold.refused]).toEqual([[], ['b1'], []]);
  });

  it('gives a lane up when the time for retries is over', async () => {
    const { writer, sink, hold, clock } = writerOf({ retry: retrying({ maxElapsedMs: 2_000 }) });
    writer.accept(hold.records('a1'));
    await sink.open[0]!.fail(new KinesisThrottledError('slow down', {}, undefined));
    clock.advance(1_000);
    await sink.open[0]!.fail(new KinesisThrottledError('slow down', {}, undefined));

    expect(hold.budget).toEqual({ attempts: 2, reason: expect.objectContaining({ code: 'KINESIS_THROTTLED' }) });
  });

  it('goes on for ever without a budget, and backs off after each failed request', async () => {
    const { writer, sink, hold, clock } = writerOf();
    writer.accept(hold.records('a1'));
    for (const pauseMs of [1_000, 1_500, 2_250, 3_375, 5_000, 5_000]) {
      await sink.open[0]!.fail(new KinesisUnavailableError('gone', {}, undefined));
      clock.advance(pauseMs - 1);
      expect(sink.open).toEqual([]);
      clock.advance(1);
      expect(sink.texts).toEqual([['a1']]);
    }
    expect(hold.budget).toBeUndefined();
  });

  it('finds the record for which Kinesis refuses a request, and delivers its neighbours in order', async () => {
    const { writer, sink, hold, clock } = writerOf({ retry: retrying({ maxRetries: 1 }) });
    let isThrottled = false;
    writer.accept(hold.records('a1', 'b1', 'a2', 'c1', 'a3'));
    for (let request = sink.open[0]; request; request = sink.open[0]) {
      if (request.texts.includes('a2')) await request.fail(new KinesisValidationError('so', {}, undefined));
      else if (isThrottled || !request.texts.includes('c1')) await request.answer();
      else {
        isThrottled = true;
        await request.answer({ c1: THROTTLED });
      }
      clock.advance(1_000);
    }
    // The search for the offender cost its neighbours no retry.
    expect(hold.budget).toBeUndefined();

    expect(hold.refused).toEqual([['a2', 'KINESIS_VALIDATION']]);
    expect(hold.written.toSorted()).toEqual(['a1', 'a3', 'b1', 'c1']);
    expect(hold.written.indexOf('a1')).toBeLessThan(hold.written.indexOf('a3'));
  });

  it('rejects records that can never succeed, each with its reason, and sends their neighbours', () => {
    const { writer, sink, hold } = writerOf({
      keys: {
        partitionKey: (batch, index) => {
          const text = Buffer.from(batch[index]!.content).toString();
          if (text === 'bad') throw new Error('no such field');
          return text === 'empty' ? '' : text === 'long' ? 'x'.repeat(257) : text;
        },
        hashKey: (batch, index) => (Buffer.from(batch[index]!.content).toString() === 'hash' ? 'not a number' : ''),
      },
      maxRecordBytes: 20,
    });
    writer.accept(hold.records('a1', 'bad', 'empty', 'long', 'hash', 'x'.repeat(11), 'b1'));

    expect(sink.texts).toEqual([['a1', 'b1']]);
    expect(hold.refused.map(([, code]) => code)).toEqual([
      'KEY_INTERPOLATION',
      'INVALID_PARTITION_KEY',
      'INVALID_PARTITION_KEY',
      'INVALID_HASH_KEY',
      'RECORD_TOO_LARGE',
    ]);
  });

  it('shows an interpolation the origin as metadata', () => {
    const { writer, sink, hold } = writerOf({
      keys: {
        partitionKey: (batch, index) => String(batch[index]!.metadata['kinesis_shard']),
        hashKey: 'none',
      },
    });
    const origin = { stream: 'in', shardId: 'shardId-7', sequenceNumber: '1', subSequenceNumber: 0, arrivalTimeMs: 0 };
    writer.accept([new RecordInHand({ ...recordOf('a1'), origin }, hold, { ack: { settle: () => undefined }, acceptedMs: 0 }, 0)]);

    expect(sink.open[0]!.input.records[0]!.partitionKey).toBe('shardId-7');
  });

  it('takes back what waits of a lane, and says when nothing of it is in flight', async () => {
    const { writer, sink, hold } = writerOf();
    const other = holdOf();
    writer.accept(hold.records('a1'));
    writer.accept([...hold.records('a2'), ...other.records('a3')]);
    let isQuiet = false;
    const quiet = writer.withdraw(hold).then(() => {
      isQuiet = true;
    });
    await settled();
    expect(isQuiet).toBe(false);
    await sink.open[0]!.answer();
    await quiet;

    expect([hold.written, sink.texts]).toEqual([['a1'], [['a3']]]);
  });

  it('does not try failed records of a lane again that is being given back', async () => {
    const { writer, sink, hold, clock } = writerOf();
    writer.accept(hold.records('a1', 'b1'));
    hold.isOpen = false;
    await sink.open[0]!.answer({ a1: THROTTLED });
    clock.advance(60_000);

    expect([sink.open, hold.written, hold.budget, writer.isIdle]).toEqual([[], ['b1'], undefined, true]);
  });

  it('batches by its policy, across calls, and lets a partial batch leave when asked', () => {
    const { writer, sink, hold, clock, events } = writerOf({ batching: { count: 3, byteSize: 0, periodMs: 100 } });
    writer.accept(hold.records('a1'));
    writer.accept(hold.records('b1'));
    expect(sink.open).toEqual([]);
    writer.accept(hold.records('c1', 'd1'));
    writer.accept(hold.records('e1'));
    clock.advance(100);
    writer.accept(hold.records('f1'));
    writer.flush('shutdown');

    expect(sink.texts).toEqual([['a1', 'b1', 'c1'], ['d1', 'e1'], ['f1']]);
    expect(events.flatMap((event) => (event.type === 'batch.flushed' ? [event.mechanism] : []))).toEqual(['count', 'period', 'shutdown']);
  });

  it('evaluates keys over the batch of the policy, however many records a lane brings at once', () => {
    const keys = {
      partitionKey: (batch: readonly unknown[], index: number) => `${index} of ${batch.length}`,
      hashKey: 'none',
    } as const;
    const partitionKeys = ({ sink }: ReturnType<typeof writerOf>) => sink.open[0]!.input.records.map(({ partitionKey }) => partitionKey);
    const batching = writerOf({ keys, batching: { count: 2, byteSize: 0, periodMs: 0 } });
    batching.writer.accept(batching.hold.records('a1', 'b1', 'c1', 'd1', 'e1'));
    expect(partitionKeys(batching)).toEqual(['0 of 2', '0 of 2', '1 of 2', '1 of 2']);

    const plain = writerOf({ keys });
    plain.writer.accept(plain.hold.records('a1', 'b1'));
    expect(partitionKeys(plain)).toEqual(['0 of 1', '0 of 1']);
  });

  it('ends its requests when it is stopped, and starts none', async () => {
    const { writer, sink, hold, clock, stop, events } = writerOf();
    writer.accept(hold.records('a1'));
    stop();
    writer.accept(hold.records('b1'));
    clock.advance(60_000);
    await settled();
    expect([sink.open, hold.written, hold.refused, events]).toEqual([[], [], [], []]);
  });

  it('reports a bug instead of trying again', async () => {
    const { writer, sink, hold, clock, bugs } = writerOf();
    const bug = new TypeError('records is not iterable');
    writer.accept(hold.records('a1'));
    await sink.open[0]!.fail(bug);
    clock.advance(60_000);

    expect([bugs(), sink.open]).toEqual([[bug], []]);
  });

  it('rejects a record at its time to live, and a throttled one where the egress says so', async () => {
    const expiring = writerOf({ retry: { ...retrying(), recordTtlMs: 1_500 } });
    expiring.writer.accept(expiring.hold.records('a1'));
    await expiring.sink.open[0]!.answer({ a1: THROTTLED });
    expiring.clock.advance(1_000);
    await expiring.sink.open[0]!.answer({ a1: 'InternalFailure' });
    expect(expiring.hold.refused).toEqual([['a1', 'RECORD_EXPIRED']]);

    const strict = writerOf({ retry: { ...retrying(), failIfThrottled: true } });
    strict.writer.accept(strict.hold.records('a1', 'b1'));
    await strict.sink.open[0]!.answer({ a1: THROTTLED, b1: 'InternalFailure' });
    expect(strict.hold.refused).toEqual([['a1', 'RECORD_REFUSED']]);
  });
});
