import type { PartPlan } from '@sluice/actor-kit';
import type { OutputEgress, SluiceConfig, SluiceSettings } from '@sluice/config';
import type { BackoffPolicy } from '@sluice/core';
import { createRedisBudgetLedger, type EgressesOptions, type EgressLogic, type OpenedWriter, openLaneEgress } from '@sluice/egress';
import { openOutput } from '@sluice/pipeline';
import { bindEgress, type EventSink } from '@sluice/telemetry';
import { OutputWriter } from './output-writer.ts';
import { runRulesOf } from './run-rules.ts';

/** Bytes of all records in hand of a worker, over all its outputs. */
const IN_HAND_BYTES = 16 * 1024 * 1024;
/** Of one record; when it is spent, its lane rests. */
const BACKOFF: BackoffPolicy = { initialIntervalMs: 500, maxIntervalMs: 5_000, maxElapsedMs: 30_000, maxRetries: 0 };

/** Every output of a configuration that takes records from lanes, by id, all of one worker. They share the worker's memory evenly. */
export function planLaneOutputs({ outputs, settings }: SluiceConfig, options: EgressesOptions): ReadonlyMap<string, PartPlan<EgressLogic>> {
  const bytes = Math.floor(IN_HAND_BYTES / outputs.length);
  return new Map(
    outputs.map((output) => [
      output.id,
      { basis: { output, settings: settingsOf(settings) }, create: () => createLogic(output, { ...options, settings, bytes }) },
    ]),
  );
}

/** What an output is made with: a change of these makes it anew. */
const settingsOf = ({ lease, quotas, egresses, ordering, aggregation, aggregate, commands }: SluiceSettings) => ({
  lease,
  quotas,
  egresses,
  ordering,
  aggregation,
  aggregate,
  commands,
});

/** @throws {ComponentConfigError | ProcessorConfigError} it cannot work as configured */
function createLogic(
  egress: OutputEgress,
  options: EgressesOptions & { readonly settings: SluiceSettings; readonly bytes: number },
): EgressLogic {
  const { id, lanes, ordering, output, resources, refusesFailedRecords: refusesFailed } = egress;
  const { settings, bytes, session, keyPrefix, clock, customMetrics, tracing, random = Math.random } = options;
  const logger = options.logger.child({ egress: id });
  const emit = bindEgress(options.telemetry.emit, { egress: id });
  const openLedger = (stream: string, isEnforced: boolean) => createRedisBudgetLedger({ session, keyPrefix, stream, isEnforced });
  const run = runRulesOf(output);
  const openWriter = async (): Promise<OpenedWriter> => {
    const opened = openOutput(
      { output, resources, refusesFailed, eachByItself: !egress.takesBatches && run.isOneDelivery },
      { settings, clock, logger, openLedger, customMetrics, tracing, telemetry: withoutRoot(options.telemetry, output.path) },
    );
    emit({ type: 'egress.opened', stream: output.type, lanes, ordering });
    const writer = new OutputWriter({
      id,
      ordering,
      takesBatches: egress.takesBatches,
      run,
      output: opened,
      backoff: BACKOFF,
      clock,
      random,
      emit,
    });
    return { writer, close: () => void opened.close() };
  };
  const budget = { bytes, records: Number.POSITIVE_INFINITY };
  const blockMs = BACKOFF.maxIntervalMs;
  return openLaneEgress(
    { id, lanes, ordering, budget, blockMs },
    { openWriter, reusesMemory: false },
    { ...options, random, lease: settings.lease },
  );
}

/** Of the root of an output the writer reports itself. */
const withoutRoot = ({ emit }: EventSink, path: string): EventSink => ({
  emit: (event) => {
    if (!('output' in event) || event.output !== path) emit(event);
  },
});
