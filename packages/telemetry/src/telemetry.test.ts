import { type Logger, silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue/catalogue.ts';
import { DurationTally } from './duration-tally.ts';
import { bindEgress, bindStream, type EventType, type TelemetryEvent } from './events/events.ts';
import { createTelemetry } from './telemetry.ts';

const quiet = () => createTelemetry(silentLogger, { processMetrics: false });

const pageRead = (lagSeconds: number): TelemetryEvent => ({
  ...{ type: 'page.read', ingress: 'in', stream: 's', shard: 'shard-0', records: 1, bytes: 10 },
  lagSeconds,
});

describe('telemetry', () => {
  it('counts the amount that the catalogue names, by label', async () => {
    const telemetry = quiet();
    telemetry.emit({ type: 'request.answered', egress: 'out', written: 498, failed: 2, throttled: 0, bytes: 1000, seconds: 0.02 });
    telemetry.emit({ type: 'request.answered', egress: 'out', written: 2, failed: 0, throttled: 0, bytes: 10, seconds: 0.01 });

    const text = await telemetry.metrics();

    expect(text).toContain('sluice_egress_records_total{egress="out"} 500');
    expect(text).toContain('sluice_egress_retried_records_total{egress="out"} 2');
    expect(text).toContain('sluice_egress_requests_total{egress="out"} 2');
    expect(text).toContain('sluice_egress_request_seconds_count{egress="out"} 2');
  });

  it('writes a line at the level of the event, and none for what is only counted', () => {
    const lines: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (message, facts) => lines.push(`warn ${message} ${JSON.stringify(facts)}`),
      info: (message) => lines.push(`info ${message}`),
    };
    const telemetry = createTelemetry(logger, { processMetrics: false });

    telemetry.emit({ type: 'lease.claimed', group: 'ingress:in', lease: 'shard-0' });
    telemetry.emit(pageRead(0));
    telemetry.emit({ type: 'lane.blocked', egress: 'out', lane: 3, code: 'THROTTLED', reason: 'why', attempts: 2 });

    expect(lines).toEqual([
      'info lease claimed',
      'warn lane blocked: its retry budget is spent {"event":"lane.blocked","egress":"out","lane":3,"code":"THROTTLED","reason":"why","attempts":2}',
    ]);
  });

  it('adds the labels of an egress, and of a stream', () => {
    const events: TelemetryEvent[] = [];
    const emit = (event: TelemetryEvent) => void events.push(event);
    const fromEgress = bindEgress(emit, { egress: 'out' });
    fromEgress({ type: 'request.ambiguous', records: 3 });
    fromEgress({ type: 'lease.claimed', group: 'egress:out', lease: 'lane 3' });
    bindStream(emit, { ingress: 'in', stream: 's' })({ type: 'shards.uncovered', ranges: '0-1' });

    expect(events).toEqual([
      { type: 'request.ambiguous', egress: 'out', records: 3 },
      { type: 'lease.claimed', group: 'egress:out', lease: 'lane 3' },
      { type: 'shards.uncovered', ingress: 'in', stream: 's', ranges: '0-1' },
    ]);
  });

  it('refuses an event without one of its fields, and a rule with a label that its event lacks, at compile time', () => {
    const { emit } = quiet();
    // @ts-expect-error no egress
    const event: TelemetryEvent = { type: 'request.ambiguous', records: 3 };
    // @ts-expect-error an egress has no lane of its own
    const other: TelemetryEvent = { type: 'request.ambiguous', egress: 'out', records: 3, lane: 2 };
    const rule: (typeof catalogue)['request.ambiguous'] = {
      ...catalogue['request.ambiguous'],
      // @ts-expect-error the event has no shard
      ends: { gauges: ['sluice_x'], labels: ['shard'] },
    };
    expect([event, other, rule, emit]).toHaveLength(4);
  });

  it('starts counters at 0 where all labels are known, and where their values are', async () => {
    const telemetry = quiet();
    telemetry.startAtZero({ ingress: 'in', stream: 's', target: 'out' });

    const text = await telemetry.metrics();

    expect(text).toContain('sluice_ingress_gaps_total{ingress="in",stream="s"} 0');
    expect(text).toContain('sluice_ingress_enqueued_records_total{ingress="in",target="out"} 0');
    expect(text).toContain('sluice_ingress_readers_ended_total{ingress="in",stream="s",reason="failed"} 0');
    expect(text).toContain('sluice_ingress_failures_total{ingress="in",stream="s",code="KINESIS_THROTTLED"} 0');
    expect(text).toContain('sluice_redis_connections_lost_total 0');
    expect(text).not.toContain('sluice_ingress_lag_seconds{');
    expect(text).not.toContain('sluice_egress_records_total{');
  });

  it('keeps the lag of a shard while its reader runs, raises it while reads fail, and forgets it afterwards', async () => {
    const telemetry = quiet();
    const line = async () => (await telemetry.metrics()).match(/^sluice_ingress_lag_seconds\{.*$/m)?.[0];
    const shard = { ingress: 'in', stream: 's', shard: 'shard-0' };
    const failed = { ...shard, type: 'read.failed', attempt: 1, code: 'KINESIS_TIMEOUT', error: 'why', lagSeconds: 7 } as const;

    telemetry.emit(pageRead(2));
    expect(await line()).toBe('sluice_ingress_lag_seconds{ingress="in",stream="s",shard="shard-0"} 2');
    telemetry.emit(failed);
    expect(await line()).toBe('sluice_ingress_lag_seconds{ingress="in",stream="s",shard="shard-0"} 7');
    telemetry.emit({ ...shard, type: 'reader.ended', reason: 'leaseLost', checkpoint: '42' });
    expect(await line()).toBeUndefined();
  });

  it('adds the lags of the shards of a stream up, and tells the largest', async () => {
    const telemetry = quiet();
    const lines = async () => (await telemetry.metrics()).match(/^sluice_ingress_lag_(max|sum)_seconds\{.*$/gm);
    const of = (shard: string, lagSeconds: number) => ({ ...pageRead(lagSeconds), shard }) as TelemetryEvent;

    telemetry.emit(of('shard-0', 2));
    telemetry.emit(of('shard-1', 5));
    expect(await lines()).toEqual([
      'sluice_ingress_lag_max_seconds{ingress="in",stream="s"} 5',
      'sluice_ingress_lag_sum_seconds{ingress="in",stream="s"} 7',
    ]);
    for (const shard of ['shard-0', 'shard-1'])
      telemetry.emit({ ingress: 'in', stream: 's', shard, type: 'reader.ended', reason: 'leaseLost', checkpoint: '42' });
    expect(await lines()).toBeNull();
  });

  it('keeps the age of a lane while this worker holds it', async () => {
    const telemetry = quiet();
    const line = async () => (await telemetry.metrics()).match(/^sluice_lane_oldest_seconds\{.*$/m)?.[0];

    telemetry.emit({ type: 'lane.aged', egress: 'out', lane: '3', seconds: 1.5 });
    expect(await line()).toBe('sluice_lane_oldest_seconds{egress="out",lane="3"} 1.5');
    telemetry.emit({ type: 'lane.ageEnded', egress: 'out', lane: '3' });
    expect(await line()).toBeUndefined();
  });

  it('counts the delivery times of a request at once, with a trace as an exemplar of the longest', async () => {
    const telemetry = quiet();
    const delivered = new DurationTally();
    for (const [seconds, weight] of [
      [0.2, 1],
      [0.04, 497],
      [7, 2],
    ] as const)
      delivered.add(seconds, weight);
    delivered.traceId = '0af7651916cd43dd8448eb211c80319c';
    telemetry.emit({ type: 'request.answered', egress: 'out', written: 500, failed: 0, throttled: 0, bytes: 9, seconds: 0.02, delivered });

    const text = await telemetry.metrics();
    expect(text.match(/^sluice_delivery_seconds.* \d+(\.\d+)?$/gm)?.map((line) => line.replace('egress="out",', ''))).toEqual([
      'sluice_delivery_seconds_bucket{le="0.05"} 497',
      'sluice_delivery_seconds_bucket{le="0.1"} 497',
      ...['0.25', '0.5', '1', '2.5', '5'].map((le) => `sluice_delivery_seconds_bucket{le="${le}"} 498`),
      ...['10', '30', '60', '300', '900', '3600', '+Inf'].map((le) => `sluice_delivery_seconds_bucket{le="${le}"} 500`),
      'sluice_delivery_seconds_sum{egress="out"} 34.08',
      'sluice_delivery_seconds_count{egress="out"} 500',
    ]);
    expect(await telemetry.openMetrics()).toContain(
      'sluice_delivery_seconds_bucket{egress="out",le="10"} 500 # {trace_id="0af7651916cd43dd8448eb211c80319c"} 7\n',
    );
  });

  it('names counters as OpenMetrics wants it, and ends as it does', async () => {
    const telemetry = quiet();
    telemetry.emit({ type: 'request.answered', egress: 'o"ut\n', written: 1, failed: 0, throttled: 0, bytes: 1, seconds: 1 });

    const text = await telemetry.openMetrics();
    expect(text).toContain('# TYPE sluice_egress_records counter\n');
    expect(text).toContain('sluice_egress_records_total{egress="o\\"ut\\n"} 1\n');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(await telemetry.metrics()).toContain('# TYPE sluice_egress_records_total counter');
  });

  it('keeps what was counted when labels are started again, as with a configuration that is loaded anew', async () => {
    const telemetry = quiet();
    telemetry.startAtZero({ egress: 'out' });
    telemetry.emit({ type: 'request.answered', egress: 'out', written: 1, failed: 0, throttled: 0, bytes: 1, seconds: 1 });
    telemetry.startAtZero({ egress: 'out' });

    const text = await telemetry.metrics();
    for (const name of ['sluice_egress_records_total', 'sluice_egress_request_seconds_count'])
      expect(text).toContain(`${name}{egress="out"} 1\n`);
  });

  it('has a counter without a value at the start only where a label is open', async () => {
    const telemetry = quiet();
    const known = {
      ingress: 'in',
      stream: 's',
      target: 'out',
      egress: 'out',
      function: 'a/b',
      endpoint: 'a/b',
      group: 'g',
      processor: 'p',
    };
    telemetry.startAtZero(known);

    const text = await telemetry.metrics();
    const counters = Object.values(catalogue).flatMap(({ metrics }) => metrics.filter(({ kind }) => kind !== 'gauge'));
    const absent = counters.filter(({ name }) => !new RegExp(`^${name}(_count)?(\\{| )`, 'm').test(text));
    expect(absent.map(({ name }) => name)).toEqual([]);
  });

  it('measures a gauge anew at each reading', async () => {
    const telemetry = quiet();
    let count = 2;
    telemetry.measure('actors', () => (count > 0 ? [{ machine: 'lane', state: 'idle', value: count }] : []));

    expect(await telemetry.metrics()).toContain('sluice_actors{machine="lane",state="idle"} 2');
    count = 0;
    expect(await telemetry.metrics()).not.toContain('sluice_actors{');
  });

  it('gives a metric one meaning and bounded labels', () => {
    const metrics = (Object.keys(catalogue) as EventType[]).flatMap((type) => [...catalogue[type].metrics]);
    const meanings = new Set(metrics.map(({ name, kind, help, labels }) => JSON.stringify([name, kind, help, labels])));
    expect(meanings.size).toBe(new Set(metrics.map(({ name }) => name)).size);
    expect(metrics.flatMap(({ labels }) => [...labels]).filter((label) => /sequence|key|payload/i.test(label))).toEqual([]);
  });
});
