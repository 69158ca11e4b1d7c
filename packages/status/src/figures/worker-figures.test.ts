import type { TelemetryEvent } from '@sluice/telemetry';
import { describe, expect, it } from 'vitest';
import { WorkerFigures } from './worker-figures.ts';

const SHARD = { ingress: 'in', stream: 's', shard: 'shard-0' };
const read = (records: number, lagSeconds = 0): TelemetryEvent[] => [
  { ...SHARD, type: 'page.read', bytes: records * 10, lagSeconds },
  { ...SHARD, type: 'records.read', records },
  { ...SHARD, type: 'page.enqueued', target: 'out,copy', records },
];
const failed: TelemetryEvent = { ...SHARD, type: 'read.failed', attempt: 1, code: 'KINESIS_TIMEOUT', error: 'why', lagSeconds: 7 };
const ended: TelemetryEvent = { ...SHARD, type: 'reader.ended', reason: 'leaseLost', checkpoint: '42' };
const answered = (written: number, refused = 0, throttled = 0): TelemetryEvent => ({
  ...{ type: 'request.answered', egress: 'out', written, failed: refused, throttled, bytes: written * 10, seconds: 0.02 },
});

function figuresOf(...events: readonly TelemetryEvent[]): WorkerFigures {
  const figures = new WorkerFigures();
  for (const event of events) figures.emit(event);
  return figures;
}

describe('figures of a worker', () => {
  it('say what a shard reader did since the last report, what it does, and where its records go', () => {
    const figures = figuresOf({ ...SHARD, type: 'reader.started' }, ...read(10, 3), ...read(20, 2));
    const { shards, routes, counts } = figures.take(5);
    expect(shards).toEqual([
      { source: 'in/s', shard: 'shard-0', state: 'reading', lagSeconds: 2, recordsPerSecond: 6, bytesPerSecond: 60 },
    ]);
    expect(routes).toEqual([{ source: 'in/s', targets: ['out', 'copy'] }]);
    expect(counts).toEqual([
      { measure: 'records_in', name: 'in/s', value: 30 },
      { measure: 'bytes_in', name: 'in/s', value: 300 },
      { measure: 'lag', name: 'in/s', value: 2 },
    ]);
    expect(figures.take(5).shards).toMatchObject([{ state: 'reading', recordsPerSecond: 0, lagSeconds: 2 }]);
  });

  it('say that a shard is paused until records are enqueued, and failing, and why, until a page was read', () => {
    const figures = figuresOf(...read(1), { ...SHARD, type: 'reader.paused', lagSeconds: 4 });
    figures.emit(read(1)[0]!);
    expect(figures.take(1).shards).toMatchObject([{ state: 'paused' }]);
    figures.emit(read(1)[2]!);
    expect(figures.take(1).shards).toMatchObject([{ state: 'reading' }]);
    figures.emit(failed);
    expect(figures.take(1).shards).toMatchObject([{ state: 'failing', lagSeconds: 7, code: 'KINESIS_TIMEOUT', reason: 'why' }]);
    figures.emit(read(1)[0]!);
    expect(figures.take(1).shards).toEqual([expect.not.objectContaining({ code: expect.anything() })]);
  });

  it('lose the shard with its reader, but not what it read', () => {
    const figures = figuresOf(...read(10), ended);
    expect(figures.take(1)).toMatchObject({ shards: [], counts: [{ measure: 'records_in', value: 10 }, { measure: 'bytes_in' }] });
    expect(figures.take(1)).toEqual({ shards: [], routes: [], egresses: [], functions: [], counts: [] });
  });

  it('say what an egress wrote, what failed, and why while it does', () => {
    const figures = figuresOf(
      { type: 'egress.opened', egress: 'out', stream: 'sink', lanes: 4, ordering: 'key' },
      { type: 'lane.measured', egress: 'out', records: 500, bytes: 1 },
      answered(90, 10, 4),
      { type: 'request.failed', egress: 'out', code: 'KINESIS_THROTTLED', reason: 'slow down', records: 6 },
      { type: 'request.adapted', egress: 'out', timeoutSeconds: 6, maxRecords: 250 },
      { type: 'record.deadLettered', egress: 'out', lane: 1, code: 'RECORD_REFUSED', reason: 'bad' },
    );
    const { egresses, counts } = figures.take(2);
    expect(egresses).toEqual([
      {
        ...{
          egress: 'out',
          stream: 'sink',
          recordsPerSecond: 45,
          bytesPerSecond: 450,
          requestsPerSecond: 0.5,
          failedPerSecond: 8,
          throttledPerSecond: 5,
        },
        ...{ requestMs: 20, timeoutSeconds: 6, maxRecords: 250, state: 'writing', code: 'KINESIS_THROTTLED', reason: 'slow down' },
      },
    ]);
    expect(Object.fromEntries(counts.map(({ measure, value }) => [measure, value]))).toEqual({
      ...{ records_out: 90, bytes_out: 900, failed: 16, throttled: 10, dead_letters: 1, waiting: 500 },
    });
    figures.emit(answered(1));
    expect(figures.take(1).egresses).toEqual([expect.not.objectContaining({ code: expect.anything() })]);
  });

  it('say for how long too large records and dead letters wait, and why, until they do no more or nobody tries', () => {
    const failing: TelemetryEvent = { type: 'offload.failed', egress: 'out', code: 'OBJECT_STORE_FAILED', reason: 'no bucket', records: 3 };
    const unsent: TelemetryEvent = { type: 'deadLetters.failing', code: 'DEAD_LETTER_OUTPUT_FAILED', reason: 'no stream', attempt: 1 };
    const failures = (figures: WorkerFigures, seconds: number) => {
      const { egresses, deadLetterOutput } = figures.take(seconds);
      return [...egresses.map(({ offloading }) => offloading), deadLetterOutput];
    };
    const offloading = { code: 'OBJECT_STORE_FAILED', reason: 'no bucket', records: 3 };
    const output = { code: 'DEAD_LETTER_OUTPUT_FAILED', reason: 'no stream' };
    const figures = figuresOf(failing, unsent);
    expect(failures(figures, 5)).toEqual([
      { ...offloading, seconds: 5 },
      { ...output, seconds: 5 },
    ]);
    figures.emit(failing);
    figures.emit(unsent);
    expect(failures(figures, 2)).toEqual([
      { ...offloading, seconds: 7 },
      { ...output, seconds: 7 },
    ]);
    figures.emit({ type: 'record.offloaded', egress: 'out', bytes: 1 });
    figures.emit({ type: 'deadLetters.recovered' });
    expect(failures(figures, 1)).toEqual([undefined, undefined]);
    figures.emit(unsent);
    expect(failures(figures, 180)).toEqual([undefined, { ...output, seconds: 180 }]);
    expect(failures(figures, 1).at(-1)).toBeUndefined();
  });

  it('say that an egress waits or fails, until it works again', () => {
    const state = (figures: WorkerFigures) => figures.take(1).egresses.map((egress) => [egress.state, egress.code]);
    const figures = figuresOf({ type: 'egress.waiting', egress: 'out', code: 'STREAM_NOT_FOUND', reason: 'why', attempt: 1 });
    expect(state(figures)).toEqual([['waiting', 'STREAM_NOT_FOUND']]);
    figures.emit({ type: 'lane.measured', egress: 'out', records: 0, bytes: 0 });
    expect(state(figures)).toEqual([['writing', undefined]]);
    figures.emit({ type: 'egress.failing', egress: 'out', code: 'KINESIS_UNAVAILABLE', reason: 'gone' });
    expect(state(figures)).toEqual([['failing', 'KINESIS_UNAVAILABLE']]);
    figures.emit({ type: 'egress.recovered', egress: 'out' });
    expect(state(figures)).toEqual([['writing', undefined]]);
  });

  it('say what happens to a function type', () => {
    const of = { function: 'shop/cart' };
    const figures = figuresOf(
      { ...of, type: 'function.invoked', messages: 8, seconds: 0.25 },
      { ...of, type: 'function.measured', records: 40, bytes: 1, parked: 2, inFlight: 3, delayed: 0 },
      { ...of, type: 'function.failed', code: 'FUNCTION_FAILED', reason: 'it said 500', outcome: 'park' },
      { ...of, type: 'function.deadLettered', code: 'X', reason: 'y' },
    );
    expect(figures.take(2)).toMatchObject({
      functions: [
        {
          ...{ type: 'shop/cart', invocationsPerSecond: 0.5, messagesPerSecond: 4, failedPerSecond: 0.5, requestMs: 250 },
          ...{ parked: 2, inFlight: 3, state: 'serving', code: 'FUNCTION_FAILED', reason: 'it said 500' },
        },
      ],
      counts: [
        { measure: 'invocations', name: 'shop/cart', value: 1 },
        { measure: 'failed', value: 1 },
        { measure: 'dead_letters', value: 1 },
        { measure: 'waiting', value: 40 },
      ],
    });
  });

  it('name a reader that does nothing for long, unless it is paused, failing, or Redis is away', () => {
    const figures = figuresOf(...read(1));
    const pass = (seconds: number) => {
      figures.take(seconds);
      return figures.stuck(300);
    };
    pass(5);
    expect([pass(299), pass(1)]).toEqual([[], ['the reader of shard-0 of in/s has done nothing for 300 s']]);
    figures.emit(read(1)[0]!);
    expect([pass(5), pass(299)]).toEqual([[], []]);
    figures.forgetSilence();
    expect([pass(5), pass(299)]).toEqual([[], []]);
    for (const event of [failed, { ...SHARD, type: 'reader.paused', lagSeconds: 4 } as const]) {
      figures.emit(event);
      expect([pass(5), pass(1_000)]).toEqual([[], []]);
    }
  });

  it('name an egress that has records in its lanes and does nothing for long, unless it fails or they are blocked', () => {
    const figures = figuresOf(answered(1));
    const pass = (ageSeconds: number) => {
      figures.emit({ type: 'lane.aged', egress: 'out', lane: '3', seconds: ageSeconds });
      figures.emit({ type: 'lane.measured', egress: 'out', records: 1, bytes: 1 });
      figures.take(200);
      return figures.stuck(300);
    };
    pass(0);
    const silent = ['egress out has done nothing for 400 s, and has records in its lanes'];
    expect([pass(200), pass(400)]).toEqual([[], silent]);
    figures.emit({ type: 'lane.blocked', egress: 'out', lane: 3, code: 'X', reason: 'why', attempts: 9 });
    expect(figures.stuck(300)).toEqual([]);
    figures.emit({ type: 'lane.aged', egress: 'out', lane: '3', seconds: 350 });
    expect(figures.stuck(300)).toEqual(silent);
    figures.emit({ type: 'request.failed', egress: 'out', code: 'KINESIS_UNAVAILABLE', reason: 'why', records: 1 });
    expect([pass(500), pass(700), pass(900)]).toEqual([[], [], []]);
    figures.emit(answered(1));
    expect([pass(0), pass(0), pass(0)]).toEqual([[], [], []]);
  });

  it('name a function that has messages, none in flight, and does nothing for long', () => {
    const measured = (inFlight: number) =>
      ({ type: 'function.measured', function: 'a/b', records: 1, bytes: 1, parked: 0, inFlight, delayed: 0 }) as const;
    const figures = figuresOf(measured(1), { type: 'function.laneAged', function: 'a/b', lane: '0', seconds: 900 });
    figures.take(5);
    figures.emit(measured(1));
    figures.take(300);
    expect(figures.stuck(300)).toEqual([]);
    figures.emit(measured(0));
    expect(figures.stuck(300)).toEqual(['function a/b has done nothing for 300 s, and has messages in its lanes']);
    figures.emit({ type: 'function.laneAgeEnded', function: 'a/b', lane: '0' });
    expect(figures.stuck(300)).toEqual([]);
  });

  it('forget an egress that nothing was heard of for minutes: the configuration has dropped it', () => {
    const figures = figuresOf(answered(1));
    for (let report = 0; report < 20; report++) figures.take(5);
    expect(figures.take(5).egresses).toHaveLength(1);
    for (let report = 0; report < 5; report++) figures.take(5);
    expect(figures.take(5).egresses).toEqual([]);
  });
});
