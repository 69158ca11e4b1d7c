import { startCollector } from '@sluice/telemetry/testing';
import { until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';

it('a trace goes with a record from its shard through Redis to the request that writes it, and metrics go the same way', async () => {
  await using collector = await startCollector();
  await using pipeline = await Pipeline.start({ shards: 1, outputShards: 1 });
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, SLUICE_TRACING_RATIO: '1' };
  const workers = [pipeline.worker('ingress-worker', 'ingress', env), pipeline.worker('egress-worker', 'egress', env)];
  for (const worker of workers) worker.start();
  await Promise.all(workers.map((worker) => worker.ready()));
  const fed = { partitionKey: 'k', data: Buffer.from('{"key":"k"}') };
  await pipeline.client.putRecords({ stream: SOURCE, records: [fed] });
  await pipeline.delivered([fed]);
  // What waits for the collector goes out when a worker ends.
  for (const worker of workers) await worker.terminate();
  const figures = ['sluice_egress_records_total', 'sluice_delivery_seconds'];
  await until(
    'the spans and figures of both workers',
    () => collector.spans.length >= 4 && figures.every((name) => collector.metrics.has(name)),
  );

  const byId = new Map(collector.spans.map((span) => [span.spanId, span]));
  const way = [];
  for (let span = collector.spans.find(({ name }) => name.startsWith('put ')); span; span = byId.get(span.parentSpanId ?? ''))
    way.unshift(span);
  expect(way.map(({ name }) => name.replace(/arn:\S+\//, ''))).toEqual([
    `poll ${SOURCE}`,
    'enqueue output/arrivals',
    'take output/arrivals',
    'put output',
  ]);
  expect(new Set(way.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(collector.resources.map((resource) => resource['service.name']))).toEqual(
    new Set(['sluice-ingress-worker', 'sluice-egress-worker']),
  );
  expect(collector.metrics.get('sluice_egress_records_total')?.sum?.dataPoints[0]?.asDouble).toBe(1);
  expect(collector.metrics.get('sluice_delivery_seconds')?.histogram?.dataPoints[0]?.count).toBe('1');
});
