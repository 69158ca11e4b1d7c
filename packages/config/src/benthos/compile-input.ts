import type { BatchPolicy } from '../model/batch-policy.ts';
import type { IngressDraft, IngressStreamDraft } from '../model/ingress-draft.ts';
import { defaultFanOut, defaultReaderSettings, type FanOutSettings, type ReaderSettings } from '../model/reader.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { readSection } from '../schema/read-section.ts';
import { type ConfigNode, ListNode, MapNode } from '../yaml/node.ts';
import { compileBatching } from './compile-batching.ts';
import { compileBatchProcessors } from './compile-processors.ts';
import { compileSession } from './compile-session.ts';
import type { Component } from './component.ts';
import type { BenthosContext } from './context.ts';
import { type KinesisInputFields, kinesisInputSchema } from './schema/kinesis.ts';

/** With the processors of its batching where those belong; its own are the caller's to add. */
type InputDraft = Omit<IngressDraft, 'processors' | 'batching'> & { readonly batching: BatchPolicy | undefined };

/** What an input batch holds at most. */
const MOST_OF_A_BATCH = { count: 10_000, byteSize: 4 * 1024 * 1024 };

/** An `aws_kinesis` input as an ingress, without targets yet. */
export function compileInput(component: Component, path: string, context: BenthosContext): InputDraft | undefined {
  const { options, label, position } = component;
  const optionsPath = `${path}.aws_kinesis`;
  const { value, sound, leaves } = readSection(kinesisInputSchema, options, optionsPath, context.log);
  const fields = value ?? sound;
  context.checkBloblang(leaves);
  const batchProcessors = compileBatchProcessors(options, optionsPath, context);
  if (!fields) return undefined;
  const batching = compileBatching(fields.batching, batchProcessors, `${optionsPath}.batching`, position, context);
  if (batching) warnOfLargeBatches(batching, options, context.log);
  return {
    id: `input/${label ?? 'aws_kinesis'}`,
    position,
    aws: compileSession(fields, position, context.log),
    start: { type: fields.start_from_oldest ? 'earliest' : 'latest' },
    streams: compileStreams(fields.streams, component, context.log),
    reader: compileReader(fields, options),
    batching,
    connectorProperties: {},
  };
}

/** Elements may be comma lists; `stream:shardId` names one shard. Balanced and explicit streams do not mix, as upstream. */
function compileStreams(elements: readonly string[], component: Component, log: ProblemLog): IngressStreamDraft[] {
  const list = component.options instanceof MapNode ? component.options.get('streams') : undefined;
  const shards = new Map<string, { shardIds: string[] | undefined; position: IngressStreamDraft['position'] }>();
  let hasBalanced = false;
  let hasExplicit = false;
  for (const [index, element] of elements.entries()) {
    const position = (list instanceof ListNode ? list.items[index]?.position : undefined) ?? component.position;
    for (const name of element
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)) {
      const { stream, shardId } = splitShard(name);
      hasBalanced ||= shardId === undefined;
      hasExplicit ||= shardId !== undefined;
      const known = shards.get(stream);
      if (!known) shards.set(stream, { shardIds: shardId === undefined ? undefined : [shardId], position });
      else if (shardId === undefined || known.shardIds?.includes(shardId))
        log.warn('module.dropped-data', position, `stream \`${name}\` is listed twice; it is read once`);
      else known.shardIds?.push(shardId);
    }
  }
  if (hasBalanced && hasExplicit)
    log.error(
      'field.value',
      list?.position ?? component.position,
      '`streams`: it is not possible to mix whole streams and explicit shards (`stream:shardId`) in one input',
    );
  if (shards.size === 0) log.error('field.value', list?.position ?? component.position, '`streams`: at least one stream must be named');
  return [...shards].map(([stream, { shardIds, position }]) => ({ stream, shardIds, valueType: undefined, targets: [], position }));
}

/** A colon behind the last slash parts the shard from the stream; ARNs have colons before it. */
function splitShard(name: string): { stream: string; shardId: string | undefined } {
  // The stream of a DynamoDB table ends in a time, which has colons itself.
  const [, tableStream, ofTable] = /^(arn:[^:]*:dynamodb:.*\/stream\/[^/]*?)(?::(shardId-[^:/]+))?$/.exec(name) ?? [];
  if (tableStream !== undefined) return { stream: tableStream, shardId: ofTable };
  const from = name.startsWith('arn:') ? name.lastIndexOf('/') : 0;
  const colon = name.lastIndexOf(':');
  return colon > from ? { stream: name.slice(0, colon), shardId: name.slice(colon + 1) } : { stream: name, shardId: undefined };
}

function warnOfLargeBatches({ count, byteSize }: BatchPolicy, options: ConfigNode, log: ProblemLog): void {
  const node = options instanceof MapNode ? options.get('batching') : undefined;
  const larger = count > MOST_OF_A_BATCH.count ? 'count' : byteSize > MOST_OF_A_BATCH.byteSize ? 'byte_size' : undefined;
  const entry = larger && node instanceof MapNode ? node.entry(larger) : undefined;
  if (entry)
    log.warn(
      'module.ineffective',
      entry.key.position,
      `a batch of an input leaves with ${MOST_OF_A_BATCH.count} records or ${MOST_OF_A_BATCH.byteSize} bytes, before \`${larger}\` is reached; larger ones are made by \`batching\` of the output`,
    );
}

function compileReader(
  { checkpoint_limit, commit_period, poll_period, enhanced_fan_out }: KinesisInputFields,
  options: ConfigNode,
): ReaderSettings {
  return {
    ...defaultReaderSettings,
    pollIntervalMs: poll_period || defaultReaderSettings.pollIntervalMs,
    checkpointLimit: checkpoint_limit,
    commitPeriodMs: commit_period ?? defaultReaderSettings.commitPeriodMs,
    fanOut: compileFanOut(enhanced_fan_out, options),
  };
}

function compileFanOut(fields: KinesisInputFields['enhanced_fan_out'], options: ConfigNode): FanOutSettings | undefined {
  const entry = options instanceof MapNode && fields?.enabled ? options.entry('enhanced_fan_out') : undefined;
  if (!entry || !fields) return undefined;
  return {
    ...defaultFanOut,
    position: entry.key.position,
    consumer: fields.consumer_name,
    activationTimeoutMs: fields.consumer_activation_timeout,
    maxPauseMs: fields.max_resubscribe_interval,
  };
}
