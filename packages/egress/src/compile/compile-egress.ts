import { type BatchPolicy, hasTrigger, isNoop } from '@sluice/batcher';
import { parseInterpolation, parseMapping } from '@sluice/bloblang-library';
import type { Egress, KeySource, ProcessorSettings } from '@sluice/config';
import { compileProcessors, type ProcessorOptions } from '@sluice/processors';
import type { KeyRules, KeyTemplate } from '../egress-writer/record-encoder.ts';
import type { RecordInHand } from '../egress-writer/record-in-hand.ts';
import type { Processing } from '../egress-writer/record-processing.ts';
import type { CompiledEgress } from './compiled-egress.ts';

/** Bytes of all records in hand of a worker, over all its egresses and with what stands for each record. With answers after 1 s it still writes 6 MiB/s. */
const IN_HAND_BYTES = 10 * 1024 * 1024;
/** Of a request, where the configuration names none. The KPL's default is 6 s; busy machines and slow links need more. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_REQUEST_TIMEOUT_MS = 60_000;

export interface CompileOptions extends Omit<ProcessorOptions, 'refusesFailed'> {
  /** Egresses that share the worker's memory. */
  readonly egressCount: number;
}

/**
 * Turns an egress of the configuration into values.
 * @throws {ProcessorConfigError}
 */
export const compileEgress = (egress: Egress, options: CompileOptions): CompiledEgress => ({
  ...compileWriting(egress),
  keys: compileKeys(egress),
  batching: compileBatching(egress),
  processing: compileProcessing(egress, options),
  budget: { bytes: Math.floor(IN_HAND_BYTES / options.egressCount), records: egress.maxOutstandingRecords ?? Number.POSITIVE_INFINITY },
});

/** What the writer does with records whose keys are known. */
export function compileWriting(egress: Egress): Omit<CompiledEgress, 'keys' | 'batching' | 'processing' | 'budget'> {
  const { maxRecordsPerRequest, maxBytesPerRequest, recordTtlMs, failIfThrottled } = egress.writer;
  return {
    id: egress.id,
    lanes: egress.lanes,
    stream: egress.stream,
    ordering: egress.ordering,
    takesBatches: egress.takesBatches,
    limits: { maxRecords: maxRecordsPerRequest, maxBytes: maxBytesPerRequest },
    maxInFlight: egress.maxInFlight,
    aggregation: compileAggregation(egress.aggregation),
    retry: { backoff: egress.retry, recordTtlMs, failIfThrottled },
    ...requestTimeouts(egress.aws.http.requestTimeoutMs),
  };
}

export const compileKeys = ({ partitionKey, hashKey }: Egress): KeyRules => ({
  partitionKey: compileKey(partitionKey),
  hashKey: hashKey.type === 'none' ? 'none' : compileKey(hashKey),
});

const compileAggregation = ({ enabled, by, maxCount, maxBytes }: Egress['aggregation']): CompiledEgress['aggregation'] =>
  enabled ? { by, maxRecords: maxCount, maxBytes } : undefined;

function compileKey(source: KeySource): KeyTemplate | 'record' {
  if (source.type === 'record') return 'record';
  const interpolation = parseInterpolation(source.template.source);
  return (batch, index) => interpolation.evaluate(batch, index);
}

/** Asks the newest record, which sees the whole batch. */
function compileCheck(source: string): (batch: readonly RecordInHand[]) => boolean {
  const mapping = parseMapping(source);
  return (batch) => mapping.check(batch, batch.length - 1);
}

/** The egress's batch policy; a linger of the writer is a policy too. `undefined` where nothing is batched. */
function compileBatching(egress: Egress): BatchPolicy<RecordInHand> | undefined {
  const { batching } = egress;
  if (!batching) return lingerOf(egress);
  const policy: BatchPolicy<RecordInHand> = {
    count: batching.count,
    byteSize: batching.byteSize,
    periodMs: batching.periodMs,
    ...(batching.check && { check: compileCheck(batching.check.source) }),
  };
  return isNoop(policy, batching.processors.length > 0) || !hasTrigger(policy) ? undefined : policy;
}

/**
 * Records wait for others (`RecordMaxBufferedTime`) until there is enough for a request, which with aggregation is a matter of bytes. `undefined`
 * where they do not wait.
 */
function lingerOf({ writer, aggregation }: Egress): BatchPolicy<RecordInHand> | undefined {
  const { maxBufferedMs: periodMs = 0, maxBytesPerRequest, maxRecordsPerRequest } = writer;
  if (periodMs <= 0) return undefined;
  return aggregation.enabled
    ? { count: 0, byteSize: maxBytesPerRequest, periodMs }
    : { count: maxRecordsPerRequest, byteSize: 0, periodMs };
}

function compileProcessing({ processors, batching, refusesFailedRecords }: Egress, options: CompileOptions): Processing | undefined {
  const compile = (settings: readonly ProcessorSettings[]) =>
    settings.length > 0 ? compileProcessors(settings, { ...options, refusesFailed: refusesFailedRecords }) : undefined;
  const [records, batches] = [compile(processors), compile(batching?.processors ?? [])];
  return records || batches ? { records, batches, refusesFailed: refusesFailedRecords } : undefined;
}

/** The configured time-out as it is; ours grows after time-outs. */
const requestTimeouts = (configuredMs: number | undefined) =>
  configuredMs === undefined
    ? { requestTimeoutMs: REQUEST_TIMEOUT_MS, maxRequestTimeoutMs: MAX_REQUEST_TIMEOUT_MS }
    : { requestTimeoutMs: configuredMs, maxRequestTimeoutMs: configuredMs };
