import { type Logger, silentLogger } from '@sluice/core';
import { expect, it, vi } from 'vitest';
import { DurationTally } from '../duration-tally.ts';
import { createTelemetry } from '../telemetry.ts';
import { attributesOf, startCollector } from '../testing/collector.ts';
import { pushMetrics } from './push-metrics.ts';

const answered = (delivered: DurationTally) =>
  ({ type: 'request.answered', egress: 'out', written: 3, failed: 0, throttled: 0, bytes: 9, seconds: 0.02, delivered }) as const;

it('pushes counters, gauges and histograms to a collector, at intervals and at the end', async () => {
  await using collector = await startCollector();
  const telemetry = createTelemetry(silentLogger, { processMetrics: false });
  const delivered = new DurationTally();
  for (const seconds of [0.2, 0.04, 7]) delivered.add(seconds);
  telemetry.emit(answered(delivered));
  telemetry.emit({ type: 'lane.aged', egress: 'out', lane: '3', seconds: 1.5 });
  const push = pushMetrics(telemetry.families, {
    collector: { endpoint: `${collector.url}/`, headers: { 'x-api-key': 'k' } },
    ...{ intervalMs: 100, resource: { 'service.name': 'egress-worker' }, logger: silentLogger },
  });

  await vi.waitFor(() => expect(collector.metrics.size).toBeGreaterThan(0), 30_000);
  telemetry.emit(answered(delivered));
  await push[Symbol.asyncDispose]();

  expect(collector.requests[0]).toMatchObject({ url: '/v1/metrics', headers: { 'x-api-key': 'k' } });
  expect(collector.resources[0]).toMatchObject({ 'service.name': 'egress-worker' });
  const sum = collector.metrics.get('sluice_egress_records_total')?.sum;
  expect([sum?.isMonotonic, sum?.dataPoints[0]?.asDouble, attributesOf(sum?.dataPoints[0]?.attributes)]).toEqual([
    true,
    6,
    { egress: 'out' },
  ]);
  const gauge = collector.metrics.get('sluice_lane_oldest_seconds')?.gauge?.dataPoints[0];
  expect([gauge?.asDouble, attributesOf(gauge?.attributes)]).toEqual([1.5, { egress: 'out', lane: '3' }]);
  expect(collector.metrics.get('sluice_delivery_seconds')?.histogram?.dataPoints[0]).toMatchObject({
    ...{ count: '6', sum: 2 * 7.24, explicitBounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600] },
    bucketCounts: ['2', '0', '2', '0', '0', '0', '0', '2', '0', '0', '0', '0', '0', '0'],
  });
});

it('says once that the collector refuses, and when it takes metrics again', async () => {
  await using collector = await startCollector();
  collector.answer(400);
  const lines: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => lines.push(message), info: (message) => lines.push(message) };
  await using _ = pushMetrics(createTelemetry(silentLogger, { processMetrics: false }).families, {
    ...{ collector: { endpoint: collector.url, headers: {} }, intervalMs: 100, resource: {}, logger },
  });
  await vi.waitFor(() => expect(collector.requests.length).toBeGreaterThan(2), 30_000);
  collector.answer(200);
  await vi.waitFor(() => expect(lines).toHaveLength(2), 30_000);
  expect(lines).toEqual(['metrics could not be sent to the collector; trying again', 'metrics are sent to the collector again']);
});
