import { silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { createTelemetry } from './telemetry.ts';

describe('custom metrics', () => {
  it('stand beside those of events, and go on where the same definition is opened again', async () => {
    const { custom, metrics } = createTelemetry(silentLogger, { processMetrics: false });
    custom.open({ kind: 'counter', name: 'orders', labels: ['type'] })({ type: 'a' }, 2);
    custom.open({ kind: 'counter', name: 'orders', labels: ['type'] })({ type: 'a' }, 0.5);
    custom.open({ kind: 'gauge', name: 'size', labels: [] })({}, 7);
    custom.open({ kind: 'timing', name: 'took', labels: [] })({}, 9);

    const text = await metrics();
    expect(text).toContain('orders{type="a"} 2.5\n');
    expect(text).toContain('size 7\n');
    expect(text).toContain('took_count 1\n');
  });

  it.each([
    [
      { kind: 'gauge', name: 'orders', labels: ['type'] },
      'expected one definition of the metric `orders`, found counter(type) and gauge(type)',
    ],
    [{ kind: 'counter', name: 'orders', labels: [] }, 'expected one definition of the metric `orders`, found counter(type) and counter()'],
    [{ kind: 'counter', name: 'a.b', labels: [] }, 'expected a metric name of letters, digits, `_` and `:`, found `a.b`'],
    [{ kind: 'counter', name: 'a', labels: ['b-c'] }, 'expected a label name of letters, digits and `_`, found `b-c`'],
    [{ kind: 'counter', name: 'sluice_egress_records_total', labels: [] }, 'choose another name'],
  ] as const)('refuse %j', (metric, reason) => {
    const { custom } = createTelemetry(silentLogger, { processMetrics: false });
    custom.open({ kind: 'counter', name: 'orders', labels: ['type'] });
    expect(() => custom.open(metric)).toThrow(reason);
  });
});
