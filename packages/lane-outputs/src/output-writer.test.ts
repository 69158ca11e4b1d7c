import { SluiceError } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { holdOf, settled } from '@sluice/egress/testing';
import { BatchError, type Delivery } from '@sluice/pipeline';
import type { WriterEvent } from '@sluice/telemetry';
import { expect, it } from 'vitest';
import { OutputWriter, type OutputWriterOptions } from './output-writer.ts';
import type { RunRules } from './run-rules.ts';

const IN_ORDER: RunRules = { maxRecords: 3, maxBytes: Number.POSITIVE_INFINITY, isOneDelivery: false };

class RefusedError extends SluiceError {
  readonly code = 'REFUSED';
  readonly disposition = 'reject';
}

it('hands a record on once the one before it of its key is out, and other keys at once', async () => {
  const { writer, hold, output } = writerOf();
  writer.accept(hold.records('a1', 'a2', 'b1', 'a3'));
  expect(output.open()).toEqual(['a1', 'b1']);
  output.settle('a1');
  expect(output.open()).toEqual(['b1', 'a2']);
  output.settle('b1');
  output.settle('a2');
  output.settle('a3');
  expect(hold.written).toEqual(['a1', 'b1', 'a2', 'a3']);
});

it('hands all on at once where order does not matter', () => {
  const { writer, hold, output } = writerOf({ ordering: 'none' });
  writer.accept(hold.records('a1', 'a2', 'b1'));
  expect(output.open()).toEqual(['a1', 'a2', 'b1']);
});

it('hands a run of a key on where the output keeps its order, and the next once it is out', async () => {
  const { writer, hold, output } = writerOf({ run: IN_ORDER });
  writer.accept(hold.records('a1', 'a2', 'a3', 'a4', 'b1'));
  await settled();
  expect(output.open().toSorted()).toEqual(['a1', 'a2', 'a3', 'b1']);
  for (const text of ['a1', 'a3', 'a2']) output.settle(text);
  await settled();
  expect([hold.written, output.open()]).toEqual([
    ['a1', 'a3', 'a2'],
    ['b1', 'a4'],
  ]);
});

it('hands a run of a key on as one delivery where the output writes batches as one, and all of it again where that failed', async () => {
  const { writer, hold, output, clock } = writerOf({ run: { ...IN_ORDER, isOneDelivery: true } });
  writer.accept(hold.records('a1', 'a2', 'b1', 'a3', 'a4'));
  expect(output.sizes()).toEqual([
    ['a1', 3],
    ['b1', 1],
  ]);
  output.settle('a1', new Error('down'));
  clock.advance(100);
  expect(output.sizes().at(-1)).toEqual(['a1', 3]);
  output.settle('a1');
  expect([hold.written, output.sizes().at(-1)]).toEqual([
    ['a1', 'a2', 'a3'],
    ['a4', 1],
  ]);
});

it('hands on as much of a run as fills a batch by its bytes', () => {
  const { writer, hold, output } = writerOf({ run: { ...IN_ORDER, isOneDelivery: true, maxBytes: 1 } });
  writer.accept(hold.records('a1', 'a2'));
  expect(output.sizes()).toEqual([['a1', 1]]);
});

it('hands no run on with ordering strict', async () => {
  const { writer, hold, output } = writerOf({ run: IN_ORDER, ordering: 'strict' });
  writer.accept(hold.records('a1', 'a2'));
  await settled();
  expect(output.open()).toEqual(['a1']);
});

it('holds back what is behind a record of a run that failed, and hands all of it on again in order', async () => {
  const { writer, hold, output, clock } = writerOf({ run: IN_ORDER });
  output.refused.add('a1');
  writer.accept(hold.records('a1', 'a2', 'a3'));
  await settled();
  expect([output.deliveries.map(textOf), output.open()]).toEqual([['a1'], []]);
  output.refused.clear();
  clock.advance(100);
  await settled();
  expect(output.open()).toEqual(['a1', 'a2', 'a3']);
});

it('tries a failed record again after a pause, before later ones of its key, and reports that it fails', async () => {
  const { writer, hold, output, clock, health } = writerOf();
  writer.accept(hold.records('a1', 'a2'));
  output.settle('a1', new Error('no space left'));
  expect([output.open(), health]).toEqual([[], [{ type: 'requests.failing', error: expect.objectContaining({ code: 'OUTPUT_FAILED' }) }]]);
  clock.advance(100);
  expect(output.open()).toEqual(['a1']);
  output.settle('a1');
  expect([output.open(), hold.written, health.at(-1)]).toEqual([['a2'], ['a1'], { type: 'requests.answered' }]);
});

it('rejects what can never be written, and its neighbours go on', () => {
  const { writer, hold, output } = writerOf();
  writer.accept(hold.records('a1', 'a2'));
  output.settle('a1', new RefusedError('never'));
  output.settle('a2');
  expect([hold.refused, hold.written]).toEqual([[['a1', 'REFUSED']], ['a2']]);
});

it('leaves a record to its lane when its retries are spent, and sends nothing more of the lane', async () => {
  const { writer, hold, output, clock } = writerOf({
    backoff: { initialIntervalMs: 100, maxIntervalMs: 100, maxElapsedMs: 0, maxRetries: 1 },
  });
  writer.accept(hold.records('a1', 'a2'));
  output.settle('a1', new Error('down'));
  clock.advance(200);
  output.settle('a1', new Error('still down'));
  expect(hold.budget).toEqual({ attempts: 2, reason: expect.objectContaining({ code: 'OUTPUT_FAILED' }) });
  clock.advance(10_000);
  expect(output.open()).toEqual([]);
});

it('takes back what waits of a lane, and waits for what is in flight, which batches let go', async () => {
  const { writer, hold, output } = writerOf();
  writer.accept(hold.records('a1', 'a2'));
  hold.isOpen = false;
  let isQuiet = false;
  const quiet = writer.withdraw(hold).then(() => {
    isQuiet = true;
  });
  await settled();
  expect([isQuiet, output.flushes]).toEqual([false, 1]);
  output.settle('a1');
  await quiet;
  expect([hold.written, output.open()]).toEqual([['a1'], []]);
});

it('starts nothing for a lane whose lease is about to end, and goes on once it is renewed', async () => {
  const { writer, hold, output, clock } = writerOf();
  hold.remainingMs = 300;
  writer.accept(hold.records('a1'));
  expect(output.open()).toEqual([]);
  hold.remainingMs = 5_000;
  clock.advance(100);
  expect(output.open()).toEqual(['a1']);
});

it('has incomplete batches leave when a record waits for long behind one that may be in them', async () => {
  const { writer, hold, output, clock } = writerOf();
  writer.accept(hold.records('a1'));
  clock.advance(2_000);
  expect(output.flushes).toBe(0);
  writer.accept(hold.records('a2'));
  clock.advance(1_500);
  expect(output.flushes).toBe(1);
});

it('hands an input batch on as one delivery, and the next of its lane once it is out', async () => {
  const { writer, hold, output } = writerOf({ takesBatches: true });
  writer.accept([...hold.inputBatch('a1', 'b1'), ...hold.inputBatch('b2', 'c1'), ...hold.records('d1')]);
  expect(output.sizes()).toEqual([['a1', 2]]);
  output.settle('a1');
  output.settle('b2');
  expect(output.sizes().slice(1)).toEqual([
    ['b2', 2],
    ['d1', 1],
  ]);
  output.settle('d1');
  expect(hold.written).toEqual(['a1', 'b1', 'b2', 'c1', 'd1']);
});

it('hands on again, together, what failed of an input batch', async () => {
  const { writer, hold, output, clock } = writerOf({ takesBatches: true, ordering: 'strict' });
  writer.accept(hold.inputBatch('a1', 'b1', 'c1', 'd1'));
  const down = new Error('down');
  output.settle(
    'a1',
    new BatchError(
      new Map<number, Error>([
        [1, down],
        [2, new RefusedError('never')],
        [3, down],
      ]),
      4,
    ),
  );
  clock.advance(100);
  expect([hold.written, hold.refused, output.sizes().at(-1)]).toEqual([['a1'], [['c1', 'REFUSED']], ['b1', 2]]);
});

/** A writer over an output that settles when told. */
function writerOf(options: Partial<OutputWriterOptions> = {}) {
  const clock = new ManualClock();
  const hold = holdOf();
  const output = new HeldOutput();
  const events: WriterEvent[] = [];
  const health: unknown[] = [];
  const writer = new OutputWriter({
    ...{
      id: 'output/x',
      run: { ...IN_ORDER, maxRecords: 1 },
      ordering: 'key' as const,
      output,
      clock,
      random: () => 0.5,
      emit: (event: WriterEvent) => void events.push(event),
    },
    backoff: { initialIntervalMs: 100, maxIntervalMs: 1_000, maxElapsedMs: 0, maxRetries: 0 },
    ...options,
  });
  writer.run((report) => health.push(report));
  return { writer, hold, output, clock, events, health };
}

class HeldOutput {
  readonly deliveries: Delivery[] = [];
  readonly refused = new Set<string>();
  flushes = 0;
  readonly failed = new Promise<never>(() => undefined);
  readonly #open = new Map<string, Delivery>();

  readonly deliver = async (delivery: Delivery): Promise<void> => {
    this.deliveries.push(delivery);
    if (this.refused.has(textOf(delivery))) return delivery.settle(new Error('refused'));
    this.#open.set(textOf(delivery), delivery);
  };

  readonly flush = async (): Promise<void> => void this.flushes++;

  open = (): string[] => [...this.#open.keys()];

  /** The first text and the number of messages of each delivery. */
  sizes = () => this.deliveries.map((delivery) => [textOf(delivery), delivery.messages.length] as const);

  settle(text: string, failure?: Error): void {
    const delivery = this.#open.get(text)!;
    this.#open.delete(text);
    delivery.settle(failure);
  }
}

const textOf = ({ messages }: Delivery): string => Buffer.from(messages[0]!.content).toString();
