import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { KinesisThrottledError, KinesisUnavailableError, KinesisValidationError, StreamNotFoundError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import type { CompiledEgress } from '../compile/compiled-egress.ts';
import { openWriter } from '../egress/open-writer.ts';
import { egressOf } from '../testing/egress.ts';
import { HeldSink, settled } from '../testing/held-sink.ts';
import { holdOf, retrying, type TestHold } from '../testing/writer-rig.ts';
import { RecordInHand } from './record-in-hand.ts';
import type { WriterHealth } from './record-writer.ts';

describe('StreamWriters', () => {
  it('writes each record to the stream that it names, and a key of one stream in its order', async () => {
    const { writer, sink, hold } = await writersOf();
    writer.accept(inHand(hold, 'a:k1', 'b:k1', 'a:k2', ' a :k3'));
    await settled();

    expect(requests(sink)).toEqual(['a: k1 k2 k3', 'b: k1']);
    await sink.open[1]!.answer();
    expect(hold.written).toEqual(['b:k1']);
  });

  it('rejects a record that names no stream, unless the egress has a default', async () => {
    const without = await writersOf();
    without.writer.accept(inHand(without.hold, ':k1', '  :k2', 'a:k3'));
    await settled();
    const withDefault = await writersOf({ stream: { type: 'record', default: 'main' } });
    withDefault.writer.accept(inHand(withDefault.hold, ':k1', 'main:k2', 'a:k3'));
    await settled();

    expect(without.hold.refused).toEqual([
      [':k1', 'STREAM_UNNAMED'],
      ['  :k2', 'STREAM_UNNAMED'],
    ]);
    expect([requests(without.sink), requests(withDefault.sink)]).toEqual([['a: k3'], ['main: k1 k2', 'a: k3']]);
  });

  it('looks three times for a stream before its records, and no others, are rejected', async () => {
    const { writer, sink, hold, looks, tick } = await writersOf();
    looks.set('b', notFound('b'));
    writer.accept(inHand(hold, 'b:k1', 'a:k1'));
    await settled();
    expect(requests(sink)).toEqual(['a: k1']);
    await tick(3_000);
    expect(hold.refused).toEqual([]);
    await tick(3_000);

    expect(hold.refused).toEqual([['b:k1', 'STREAM_MISSING']]);
    expect(looks.asked).toEqual(['b', 'a', 'b', 'b']);
  });

  it('rejects a record of a missing stream only after a look that is younger than the record', async () => {
    const { writer, hold, looks, tick } = await writersOf();
    looks.set('b', notFound('b'));
    writer.accept(inHand(hold, 'b:k1'));
    for (let look = 0; look < 2; look++) await tick(3_000);
    writer.accept(inHand(hold, 'b:k2'));
    await settled();
    expect(hold.refused).toHaveLength(1);
    await tick(3_000);

    expect(hold.refused.map(([text]) => text)).toEqual(['b:k1', 'b:k2']);
  });

  it('rejects no record that came while the look was under way', async () => {
    const { writer, hold, looks, tick } = await writersOf();
    looks.set('b', notFound('b'));
    writer.accept(inHand(hold, 'b:k1'));
    await tick(3_000);
    looks.onLook = () => {
      looks.onLook = () => undefined;
      writer.accept(inHand(hold, 'b:k2'));
    };
    await tick(3_000);
    expect(hold.refused.map(([text]) => text)).toEqual(['b:k1']);
    await tick(3_000);

    expect(hold.refused.map(([text]) => text)).toEqual(['b:k1', 'b:k2']);
  });

  it('finds a stream that is made while it is looked for', async () => {
    const { writer, sink, hold, looks, tick } = await writersOf();
    looks.set('b', notFound('b'));
    writer.accept(inHand(hold, 'b:k1'));
    await tick(3_000);
    looks.delete('b');
    await tick(3_000);

    expect(requests(sink)).toEqual(['b: k1']);
  });

  it('forgets after a minute that a stream was missing', async () => {
    const { writer, hold, looks, tick } = await writersOf();
    looks.set('b', notFound('b'));
    writer.accept(inHand(hold, 'b:k1'));
    for (let look = 0; look < 2; look++) await tick(3_000);
    await tick(60_001);
    writer.accept(inHand(hold, 'b:k2'));
    await tick(3_000);
    expect(hold.refused).toHaveLength(1);
    await tick(3_000);

    expect(hold.refused).toHaveLength(2);
  });

  it('looks again when a request says that the stream is gone, and rejects its records once that is confirmed', async () => {
    const { writer, sink, hold, looks, health, tick } = await writersOf({ retry: retrying({ maxElapsedMs: 60_000 }) });
    writer.accept(inHand(hold, 'b:k1'));
    await settled();
    looks.set('b', notFound('b'));
    await sink.open[0]!.fail(notFound('b'));
    writer.accept(inHand(hold, 'a:k1'));
    await settled();
    for (let second = 0; second < 9; second++) {
      await tick(1_000);
      await sink.open.find(({ input }) => input.stream === 'arn:b')?.fail(notFound('b'));
    }

    expect(hold.refused).toEqual([['b:k1', 'STREAM_MISSING']]);
    expect(hold.budget).toBeUndefined();
    expect(health).toEqual([]);
    expect(requests(sink)).toEqual(['a: k1']);
  });

  it('goes on writing when one request alone says that the stream is gone', async () => {
    const { writer, sink, hold, tick } = await writersOf();
    writer.accept(inHand(hold, 'b:k1'));
    await settled();
    await sink.open[0]!.fail(notFound('b'));
    await tick(1_000);
    await sink.open[0]!.answer();

    expect([hold.written, hold.refused]).toEqual([['b:k1'], []]);
  });

  it('tries a stream that cannot be reached until the budget of its records is spent, and blocks their lane', async () => {
    const { writer, sink, hold, looks, tick } = await writersOf({ retry: retrying({ maxRetries: 2 }) });
    const other = holdOf();
    looks.set('b', new KinesisThrottledError('LimitExceeded', {}, undefined));
    writer.accept(inHand(hold, 'b:k1'));
    writer.accept(inHand(other, 'a:k1'));
    await settled();
    expect(requests(sink)).toEqual(['a: k1']);
    for (const pauseMs of [1_000, 1_500]) await tick(pauseMs);

    expect(hold.budget).toMatchObject({ reason: { code: 'KINESIS_THROTTLED' }, attempts: 3 });
    expect([other.isOpen, hold.refused]).toEqual([true, []]);
  });

  it('rejects at once the records of a stream whose name Kinesis refuses', async () => {
    const { writer, hold, looks } = await writersOf();
    looks.set('no such name', new KinesisValidationError('pattern', {}, undefined));
    writer.accept(inHand(hold, 'no such name:k1'));
    await settled();

    expect(hold.refused).toEqual([['no such name:k1', 'KINESIS_VALIDATION']]);
  });

  it('counts as failing while no stream is answered, not while one of them fails', async () => {
    const { writer, sink, hold, health } = await writersOf();
    writer.accept(inHand(hold, 'a:k1', 'b:k1'));
    await settled();
    const gone = new KinesisUnavailableError('ECONNREFUSED', {}, undefined);
    await sink.open[0]!.fail(gone);
    await sink.open[0]!.answer();

    expect(health.map(({ type }) => type)).toEqual(['requests.failing', 'requests.answered']);
  });

  it('gives back what waits of a lane, while the stream is looked for too', async () => {
    const { writer, sink, hold, looks, tick } = await writersOf();
    looks.set('b', notFound('b'));
    writer.accept(inHand(hold, 'b:k1'));
    await settled();
    hold.isOpen = false;
    await writer.withdraw(hold);
    for (let look = 0; look < 4; look++) await tick(3_000);

    expect([hold.refused, requests(sink)]).toEqual([[], []]);
  });

  it('keeps no more requests open than the egress may, over all streams, in turn', async () => {
    const { writer, sink, hold } = await writersOf({ maxInFlight: 2 });
    writer.accept(inHand(hold, 'a:k1', 'b:k1', 'c:k1', 'd:k1'));
    await settled();
    expect(requests(sink)).toEqual(['a: k1', 'b: k1']);
    await sink.open[0]!.answer();
    await sink.open[0]!.answer();
    expect(requests(sink)).toEqual(['c: k1', 'd: k1']);
  });

  it('closes a stream that had nothing to do for five minutes, and opens it anew', async () => {
    const { writer, sink, hold, looks, tick } = await writersOf();
    writer.accept(inHand(hold, 'a:k1'));
    await settled();
    await tick(600_000);
    await sink.open[0]!.answer();
    writer.accept(inHand(hold, 'a:k2'));
    await sink.open[0]!.answer();
    await tick(420_000);
    writer.accept(inHand(hold, 'a:k3'));
    await settled();
    await sink.open[0]!.answer();

    expect([looks.asked, hold.written]).toEqual([
      // The second is a look at how large its records may be.
      ['a', 'arn:a', 'a'],
      ['a:k1', 'a:k2', 'a:k3'],
    ]);
  });
});

const notFound = (stream: string) => new StreamNotFoundError('no such stream', { stream }, undefined);

/** What is open, a line each: `stream: keys`. */
const requests = ({ open }: HeldSink) =>
  open.map(({ input }) => `${input.stream.slice('arn:'.length)}: ${input.records.map(({ partitionKey }) => partitionKey).join(' ')}`);

/** Records of a lane, each from `stream:key`. */
function inHand(hold: TestHold, ...texts: string[]): RecordInHand[] {
  const settle = (index: number, reason: { readonly code: string } | undefined) => {
    if (reason) hold.refused.push([texts[index]!, reason.code]);
    else hold.written.push(texts[index]!);
  };
  return texts.map((text, index) => {
    const [stream = '', partitionKey = ''] = text.split(':');
    return new RecordInHand(
      { partitionKey, stream, data: Buffer.from(text), metadata: {} },
      hold,
      { ack: { settle }, acceptedMs: 0 },
      index,
    );
  });
}

/** A running writer whose streams all exist but those that `looks` has an error for. Its backoff has no spread. */
async function writersOf(egress: Partial<CompiledEgress> = {}) {
  const clock = new ManualClock();
  const held = new HeldSink();
  const hold = holdOf();
  const looks = Object.assign(new Map<string, Error>(), { asked: [] as string[], onLook: () => {} });
  const sink = Object.assign(held, {
    describeStream: async (name: string) => {
      looks.asked.push(name);
      looks.onLook();
      const error = looks.get(name);
      if (error) throw error;
      const facts = { status: 'ACTIVE', createdAtMs: 0, retentionHours: 24, openShardCount: 1, maxRecordBytes: 1_000 };
      return { name, arn: `arn:${name}`, ...facts, isAutoDistributed: false };
    },
    listShards: async () => [],
  });
  const settings = egressOf({ stream: { type: 'record', default: undefined }, retry: retrying(), ...egress });
  const ports = { clock, random: () => 0.5, logger: silentLogger, emit: () => undefined };
  const writer = await openWriter(settings, sink, ports, new AbortController().signal);
  const health: WriterHealth[] = [];
  const stop = writer.run((event) => health.push(event));
  const tick = async (byMs: number) => {
    await settled();
    clock.advance(byMs);
    await settled();
  };
  return { writer, sink, hold, looks, health, clock, tick, stop };
}
