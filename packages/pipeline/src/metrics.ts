/** What the components of a pipeline count, under the names of Benthos. */
import { type ComponentSettings, type ProcessorSettings, withNested } from '@sluice/config';
import { andThen, type Clock, type Logger } from '@sluice/core';
import type { ProcessorOptions } from '@sluice/processors';
import { createTelemetry, type Telemetry } from '@sluice/telemetry';

export interface PipelineMetrics {
  readonly telemetry: Telemetry;
  /** Remembers the label of an input or output. */
  label(settings: ComponentSettings): void;
  /** Remembers the labels of processors; what they count starts at 0. */
  labelProcessors(settings: readonly ProcessorSettings[]): void;
  /** Stands around each run of a processor; absent where nobody asks for its metrics. */
  readonly around: ProcessorOptions['around'];
}

/** @param isServed whether anybody can ask for the metrics: what a configuration defines is checked in any case */
export function pipelineMetrics(isServed: boolean, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }): PipelineMetrics {
  const labels = new Map<string, string>();
  const telemetry = createTelemetry(logger, {
    processMetrics: isServed,
    names: isServed ? 'benthos' : 'sluice',
    findComponent: (_, path) => ({ label: labels.get(path) ?? '', path }),
  });
  return {
    telemetry,
    label: ({ path, label = '' }) => void labels.set(path, label),
    labelProcessors: (settings) => {
      for (const { path, label = '' } of withNested(settings)) {
        labels.set(path, label);
        telemetry.startAtZero({ processor: path });
      }
    },
    around: isServed ? aroundProcessors(telemetry, clock) : undefined,
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
