import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { startCollector } from '../testing/collector.ts';
import { openTracing } from './open-tracing.ts';

const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const base = { resource: { 'service.name': 'egress-worker' }, logger: silentLogger };

describe('openTracing', () => {
  it('sends spans to a collector, with parent, links and what failed', async () => {
    await using collector = await startCollector();
    const tracing = openTracing({ ...base, to: { endpoint: collector.url, headers: { 'x-api-key': 'k' } }, ratio: 1 });
    const span = tracing.start({ name: 'put', kind: 'client', parent: REMOTE, links: [REMOTE, 'nonsense'], attributes: { records: 3 } });
    span.end(new Error('why'));
    await tracing[Symbol.asyncDispose]();

    expect(collector.requests[0]).toMatchObject({ url: '/v1/traces', headers: { 'x-api-key': 'k' } });
    expect(collector.spans).toMatchObject([{ name: 'put', kind: 3, links: [{}] }]);
    const [, traceId, parentSpanId] = REMOTE.split('-').map((hex) => Buffer.from(hex, 'hex').toString('base64'));
    expect(collector.spans[0]).toMatchObject({ traceId, parentSpanId });
    expect(span.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  });

  it('records the share of new traces that it is told, and follows a trace that began elsewhere', async () => {
    const exporter = new InMemorySpanExporter();
    await using tracing = openTracing({ ...base, to: exporter, ratio: 0 });
    const own = tracing.start({ name: 'own', kind: 'internal' });
    const followed = tracing.start({ name: 'followed', kind: 'internal', parent: REMOTE });
    const left = tracing.start({ name: 'left', kind: 'internal', parent: REMOTE.replace(/01$/, '00') });

    expect([own.traceparent.slice(-2), own.traceId]).toEqual(['00', undefined]);
    expect(followed.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect([left.traceparent.slice(3, 35), left.traceId]).toEqual(['0af7651916cd43dd8448eb211c80319c', undefined]);
  });

  it.each(['', '00-0-0-01', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, REMOTE.replace(/^00/, 'ff')])(
    'begins anew under %s',
    async (parent) => {
      await using tracing = openTracing({ ...base, to: new InMemorySpanExporter(), ratio: 1 });
      expect(tracing.start({ name: 'x', kind: 'internal', parent }).traceparent).not.toContain('0af7651916cd43dd8448eb211c80319c');
    },
  );
});
