import { defaultWriterSettings } from '../model/egress.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { ProcessorSettings } from '../model/processor.ts';
import { noResources } from '../model/resources.ts';
import { isStreamName, STREAM } from '../schema/leaf.ts';
import { readSection } from '../schema/read-section.ts';
import { compileBatching } from './compile-batching.ts';
import { compileBatchProcessors, compileProcessors } from './compile-processors.ts';
import { compileSession } from './compile-session.ts';
import type { Component } from './component.ts';
import type { BenthosContext } from './context.ts';
import { kinesisOutputSchema } from './schema/kinesis.ts';

/** An `aws_kinesis` output as an egress; `before` are the processors that records pass first. */
export function compileOutput(
  component: Component,
  path: string,
  before: readonly ProcessorSettings[],
  context: BenthosContext,
): EgressDraft | undefined {
  const { options, label, position, node } = component;
  const optionsPath = `${path}.aws_kinesis`;
  const { value, sound, leaves } = readSection(kinesisOutputSchema, options, optionsPath, context.log);
  const fields = value ?? sound;
  context.checkBloblang(leaves);
  const batchProcessors = compileBatchProcessors(options, optionsPath, context);
  const processors = compileProcessors(node.get('processors'), `${path}.processors`, context);
  if (!fields) return undefined;
  const { stream, partition_key: partitionKey, hash_key: hashKey, backoff } = fields;
  if (!isStreamName(stream))
    context.log.warn('field.value', position, `output \`aws_kinesis\` writes to \`${stream}\`, which Kinesis refuses; expected ${STREAM}`);
  return {
    id: `output/${label ?? 'aws_kinesis'}`,
    position,
    aws: compileSession(fields, position, context.log),
    stream: { type: 'fixed', stream },
    partitionKey: { type: 'template', template: partitionKey },
    hashKey: hashKey && hashKey.source !== '' ? { type: 'template', template: hashKey } : { type: 'none' },
    aggregation: { enabled: false, by: 'key', maxCount: 4_294_967_295, maxBytes: 51_200 },
    maxInFlight: fields.max_in_flight,
    maxOutstandingRecords: undefined,
    batching: compileBatching(fields.batching, batchProcessors, `${optionsPath}.batching`, position, context),
    retry: {
      initialIntervalMs: backoff.initial_interval,
      maxIntervalMs: backoff.max_interval,
      maxElapsedMs: backoff.max_elapsed_time,
      maxRetries: fields.max_retries,
    },
    writer: defaultWriterSettings,
    takesBatches: false,
    processors: [...before, ...processors],
    refusesFailedRecords: false,
    resources: noResources,
    connectorProperties: {},
  };
}
