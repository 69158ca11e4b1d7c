/** What the components of a pipeline count, under the names of Benthos. */
import { hostname } from 'node:os';
import {
  type ComponentSettings,
  collectorOf,
  type Pipeline,
  type ProcessorSettings,
  type SluiceSettings,
  withNested,
} from '@sluice/config';
import { andThen, type Clock, type Logger, RELEASE } from '@sluice/core';
import type { ProcessorOptions } from '@sluice/processors';
import { openTelemetry, resourcePath, type Telemetry, type Tracing } from '@sluice/telemetry';

/** What components need of the metrics of their process. */
export interface ComponentMetrics {
  readonly telemetry: Pick<Telemetry, 'emit' | 'startAtZero' | 'custom'>;
  /** `undefined`: nothing is traced. */
  readonly tracing: Tracing | undefined;
  /** Remembers the label of an input or output. */
  label(settings: ComponentSettings): void;
  /** Remembers the labels of processors; what they count starts at 0. */
  labelProcessors(settings: readonly ProcessorSettings[]): void;
  /** Stands around each run of a processor; absent where nobody asks for its metrics. */
  readonly around: ProcessorOptions['around'];
}

/** Disposing of it sends what waits for a collector. */
export interface PipelineMetrics extends ComponentMetrics, AsyncDisposable {
  readonly telemetry: Telemetry;
}

interface MetricsPorts {
  readonly settings: SluiceSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Counts where anybody can ask for the metrics or is sent them; what a configuration defines is checked in any case. */
export async function openMetrics({ http, countsMetrics }: Pipeline, { settings, clock, logger }: MetricsPorts): Promise<PipelineMetrics> {
  const { metrics, tracing: trace } = settings;
  const isRead = metrics.otlp !== undefined || (http !== undefined && countsMetrics);
  const names = metrics.names === 'auto' ? 'benthos' : metrics.names;
  const labels = new Map<string, string>();
  const { telemetry, tracing, ...opened } = await openTelemetry({
    logger,
    processMetrics: isRead,
    names: isRead ? names : 'sluice',
    // What a writer reports of requests, its output counts as batches.
    findComponent: (kind, id) => {
      if (kind === 'egress') return undefined;
      const path = resourcePath(kind);
      return path === undefined ? { label: labels.get(id) ?? '', path: id } : { label: id, path };
    },
    resource: { 'service.name': 'sluice-pipeline', 'service.version': RELEASE, 'service.instance.id': `${hostname()}-${process.pid}` },
    push: metrics.otlp && { collector: collectorOf(metrics.otlp), intervalMs: metrics.otlp.intervalMs },
    trace: trace && { collector: collectorOf(trace), ratio: trace.ratio, attributes: trace.attributes },
  });
  return {
    ...{ telemetry, tracing },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    label: ({ path, label = '' }) => void labels.set(path, label),
    labelProcessors: (settings) => {
      for (const { path, label = '' } of withNested(settings)) {
        labels.set(path, label);
        telemetry.startAtZero({ processor: path });
      }
    },
    around: isRead && names !== 'sluice' ? aroundProcessors(telemetry, clock) : undefined,
  };
}

const aroundProcessors =
  ({ emit }: Telemetry, clock: Clock): NonNullable<ProcessorOptions['around']> =>
  (processor, batch, run) => {
    const startedMs = clock.monotonic();
    const known = new Set(batch.map(({ message }) => message.failure));
    return andThen(run(), (batches) => {
      const seconds = (clock.monotonic() - startedMs) / 1_000;
      const sent = batches.flat();
      emit({ type: 'processor.processed', processor, received: batch.length, sent: sent.length, batches: batches.length, seconds });
      for (const { message } of sent)
        if (message.failure?.at === processor && !known.has(message.failure)) emit({ type: 'processor.failed', processor });
      return batches;
    });
  };
