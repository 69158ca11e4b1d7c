import { type Logger, silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { KinesisUnavailableError, KinesisValidationError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { writerOf } from '../testing/writer-rig.ts';
import { RecordLimit, turnsOf } from './record-limit.ts';

const KIB = 1_024;
const LONG_AGO_MS = 31_000;

describe('RecordLimit', () => {
  it('is looked at every few minutes, with some spread', async () => {
    const { clock, limit, looks } = limitOf();
    const stop = limit.run();
    clock.advance(299_999);
    expect(looks).toHaveLength(0);
    clock.advance(1);
    await answer(looks, 2_048 * KIB);
    expect(limit.bytes).toBe(2_048 * KIB);

    clock.advance(300_000);
    await answer(looks, 1_024 * KIB);
    expect(limit.bytes).toBe(1_024 * KIB);
    stop();
    clock.advance(900_000);
    expect([looks.length, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('keeps what it knows when looks fail, and says so once', async () => {
    const { clock, limit, looks, warnings } = limitOf();
    const stop = limit.run();
    for (let look = 0; look < 3; look++) {
      clock.advance(300_000);
      looks.pop()!.reject(new KinesisUnavailableError('gone', {}, undefined));
      await settled();
    }
    expect([limit.bytes, warnings.length]).toEqual([1_024 * KIB, 1]);
    stop();
  });

  it('takes turns with the limits of other streams', () => {
    const clock = new ManualClock();
    const takeTurn = turnsOf(clock);
    expect([takeTurn(), takeTurn(), takeTurn()]).toEqual([0, 250, 500]);
    clock.advance(10_000);
    expect(takeTurn()).toBe(0);
  });

  it('shares one look between all that wait for it, and lets none wait for more than three seconds', async () => {
    const { clock, limit, looks } = limitOf();
    clock.advance(LONG_AGO_MS);
    const ended: string[] = [];
    const given = new AbortController();
    void limit.freshen(new AbortController().signal).then(() => ended.push('patient'));
    void limit.freshen(given.signal).then(() => ended.push('given up'));
    given.abort();
    await settled();
    expect([looks.length, ended]).toEqual([1, ['given up']]);
    clock.advance(3_000);
    await settled();
    expect([looks.length, ended, limit.bytes]).toEqual([1, ['given up', 'patient'], 1_024 * KIB]);
  });
});

describe('a writer whose stream is changed', () => {
  it('lets a record that is too large wait for another look, and only its key with it', async () => {
    const { writer, sink, hold, clock, looks } = watchedWriter(1_000);
    clock.advance(LONG_AGO_MS);
    const large = `a${'x'.repeat(1_500)}`;
    writer.accept(hold.records('a1', large, 'a2', 'b1'));
    await sink.open[0]!.answer();
    writer.accept(hold.records(large));
    await settled();
    await answerAll(sink);
    expect(sink.written).toEqual(['a1', 'b1']);
    expect([hold.refused, looks.length]).toEqual([[], 1]);

    await answer(looks, 2_000);
    while (sink.open.length > 0) await answerAll(sink);
    expect(sink.written).toEqual(['a1', 'b1', large, 'a2', large]);
    expect([hold.refused, writer.isIdle]).toEqual([[], true]);
  });

  it.each([
    ['finds no other limit', (look: Look) => look.resolve(1_000)],
    ['fails', (look: Look) => look.reject(new KinesisUnavailableError('gone', {}, undefined))],
  ])('makes a dead letter of it when the look %s, and of the next ones at once', async (_, end) => {
    const { writer, sink, hold, clock, looks } = watchedWriter(1_000);
    clock.advance(LONG_AGO_MS);
    writer.accept(hold.records(`a${'x'.repeat(1_500)}`, 'a2'));
    end(looks.pop()!);
    await settled();
    writer.accept(hold.records(`b${'x'.repeat(1_500)}`));
    expect(hold.refused.map(([, code]) => code)).toEqual(['RECORD_TOO_LARGE', 'RECORD_TOO_LARGE']);
    await answerAll(sink);
    expect([sink.written, looks.length]).toEqual([['a2'], 0]);
  });

  it('does not wait for a record that no stream takes, nor right after a look', () => {
    const { writer, hold, clock, looks } = watchedWriter(1_000);
    writer.accept(hold.records(`a${'x'.repeat(1_500)}`));
    clock.advance(LONG_AGO_MS);
    writer.accept(hold.records(`b${'x'.repeat(10 * KIB * KIB)}`));
    expect([hold.refused.length, looks.length]).toEqual([2, 0]);
  });

  it('looks again when a large record is refused: what is too large now becomes a dead letter, its neighbours are written', async () => {
    const { writer, sink, hold, clock, looks } = watchedWriter(2_048 * KIB);
    clock.advance(5_000);
    const large = `a${'x'.repeat(1_500 * KIB)}`;
    writer.accept(hold.records('a1', large, 'a2', 'b1'));
    await sink.open[0]!.fail(new KinesisValidationError('too large', {}, undefined));
    expect([sink.open.length, looks.length]).toEqual([0, 1]);

    await answer(looks, 1_024 * KIB);
    while (sink.open.length > 0) await answerAll(sink);
    expect(sink.written.toSorted()).toEqual(['a1', 'a2', 'b1']);
    expect(sink.written.indexOf('a1')).toBeLessThan(sink.written.indexOf('a2'));
    expect(hold.refused.map(([, code]) => code)).toEqual(['RECORD_TOO_LARGE']);
    expect(sink.requests).toBe(2);
  });

  it('packs what a container carried that became too large anew, in smaller ones', async () => {
    const aggregation = { by: 'key', maxRecords: 1_000, maxBytes: 2_048 * KIB } as const;
    const { writer, sink, hold, clock, looks } = watchedWriter(2_048 * KIB, { aggregation });
    clock.advance(5_000);
    writer.accept(hold.records(`a${'x'.repeat(800 * KIB)}`, `a${'y'.repeat(800 * KIB)}`));
    await sink.open[0]!.fail(new KinesisValidationError('too large', {}, undefined));
    await answer(looks, 1_024 * KIB);
    expect(sink.texts.map((texts) => texts.map(({ length }) => length))).toEqual([[800 * KIB + 1, 800 * KIB + 1]]);
    await answerAll(sink);
    expect([hold.written.length, hold.refused, writer.isIdle]).toEqual([2, [], true]);
  });

  it('sends a record later, not lost, when its lease ends while it waits for a look', async () => {
    const { writer, sink, hold, clock, looks, events } = watchedWriter(1_000);
    clock.advance(LONG_AGO_MS);
    const large = `a${'x'.repeat(1_500)}`;
    hold.remainingMs = 1_000;
    writer.accept(hold.records(large));
    hold.remainingMs = 0;
    clock.advance(750);
    await settled();
    expect(events.map(({ type }) => type)).toEqual(['request.failed']);
    hold.remainingMs = 5_000;
    await answer(looks, 2_000);
    clock.advance(5_000);
    await answerAll(sink);
    expect([sink.written, hold.refused]).toEqual([[large], []]);
    expect(events.filter(({ type }) => type === 'request.ambiguous')).toEqual([]);
  });
});

type Look = PromiseWithResolvers<number>;

function limitOf() {
  const clock = new ManualClock();
  const looks: Look[] = [];
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
  const options = { stream: 'out', bytes: 1_024 * KIB, clock, random: () => 0.5, logger, takeTurn: () => 0 };
  return { clock, looks, warnings, limit: new RecordLimit({ ...options, find: () => heldLook(looks) }) };
}

/** A writer of records whose key is the first letter of their text, and whose looks are the test's. */
function watchedWriter(maxRecordBytes: number, settings: Parameters<typeof writerOf>[0] = {}) {
  const looks: Look[] = [];
  const keys = {
    partitionKey: (batch: readonly { readonly content: Uint8Array }[], index: number) => String.fromCharCode(batch[index]!.content[0]!),
    hashKey: 'none',
  } as const;
  const limits = { maxRecords: 500, maxBytes: 10 * KIB * KIB };
  const rig = writerOf({ keys, limits, maxRecordBytes, findMaxRecordBytes: () => heldLook(looks), ...settings });
  return { ...rig, looks };
}

function heldLook(looks: Look[]): Promise<number> {
  const look = Promise.withResolvers<number>();
  looks.push(look);
  return look.promise;
}

async function answer(looks: Look[], bytes: number): Promise<void> {
  looks.pop()!.resolve(bytes);
  await settled();
}

async function answerAll({ open }: ReturnType<typeof writerOf>['sink']): Promise<void> {
  for (const request of [...open]) await request.answer();
}
