import { silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { createTelemetry, type TelemetryOptions } from '../telemetry.ts';
import type { FindComponent } from './benthos-meters.ts';

const findComponent: FindComponent = (kind, id) =>
  kind === 'processor' ? { label: 'upper', path: id } : { label: id, path: kind === 'egress' ? 'root.output' : 'root.input' };

const telemetryOf = (names: TelemetryOptions['names'] & string) =>
  createTelemetry(silentLogger, { processMetrics: false, names, findComponent });

const answered = { type: 'request.answered', egress: 'out', written: 500, failed: 0, throttled: 0, bytes: 9, seconds: 0.02 } as const;
const ran = {
  type: 'processor.ran',
  egress: 'out',
  processor: 'root.pipeline.processors.0',
  received: 5,
  sent: 3,
  batches: 1,
  seconds: 0.001,
} as const;

describe("metrics under Benthos' names", () => {
  it('stand beside ours, with the labels of Benthos', async () => {
    const telemetry = telemetryOf('both');
    telemetry.emit({ type: 'records.read', ingress: 'in', stream: 's', shard: 'shard-0', records: 7 });
    telemetry.emit(answered);
    telemetry.emit({ type: 'batch.flushed', egress: 'out', mechanism: 'period' });
    telemetry.emit(ran);

    const text = await telemetry.metrics();
    for (const line of [
      'input_received{label="in",path="root.input"} 7',
      'output_sent{label="out",path="root.output"} 500',
      'output_batch_sent{label="out",path="root.output"} 1',
      'output_latency_ns{quantile="0.99",label="out",path="root.output"} 20000000',
      'output_latency_ns_count{label="out",path="root.output"} 1',
      'batch_created{label="out",path="root.output.batching",mechanism="period"} 1',
      'processor_received{label="upper",path="root.pipeline.processors.0"} 5',
      'processor_sent{label="upper",path="root.pipeline.processors.0"} 3',
      'sluice_egress_records_total{egress="out"} 500',
    ])
      expect(text).toContain(`${line}\n`);
  });

  it('start at 0 for components that are known', async () => {
    const telemetry = telemetryOf('both');
    telemetry.startAtZero({ egress: 'out' });
    const text = await telemetry.metrics();
    expect(text).toContain('output_error{label="out",path="root.output"} 0');
    expect(text).toContain('batch_created{label="out",path="root.output.batching",mechanism="count"} 0');
    expect(text).not.toContain('input_received{');
  });

  it('stand alone where only they are asked for, and keep their names as OpenMetrics', async () => {
    const telemetry = telemetryOf('benthos');
    telemetry.emit(answered);
    telemetry.emit({ type: 'lane.ageEnded', egress: 'out', lane: '1' });
    const text = await telemetry.openMetrics();
    expect(text).toContain('# TYPE output_sent unknown\n');
    expect(text).toContain('output_sent{label="out",path="root.output"} 500\n');
    expect(text).not.toContain('sluice_');
  });
});
