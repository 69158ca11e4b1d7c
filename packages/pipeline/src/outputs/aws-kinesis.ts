import type { Message } from '@sluice/bloblang';
import { parseInterpolation } from '@sluice/bloblang-library';
import type { Egress } from '@sluice/config';
import { createAwsClientSettings } from '@sluice/credentials';
import { checkRecord, createKinesisClient, DEFAULT_MAX_RECORD_BYTES, type KinesisSink } from '@sluice/kinesis';
import { type BuildOutput, optionsOf } from '../component.ts';
import { failureOf } from '../errors.ts';
import { batchedOutput } from './batched-output.ts';
import { KeyedRequests } from './keyed-requests.ts';
import { leaf } from './leaf.ts';

/** Batches that wait for their records to be stored, at once: they fill requests together. */
const MAX_WAITING = 1_000;

/** `aws_kinesis` without lanes: the records of a partition key in their order, as far as their messages come in it. */
export const awsKinesis: BuildOutput = (settings, context) => {
  const egress = optionsOf<Omit<Egress, 'ordering' | 'lanes'>>(settings);
  const { clock, signal, logger, telemetry } = context;
  const stream = egress.stream.type === 'fixed' ? egress.stream.stream : '';
  const keyOf = templateOf(egress.partitionKey);
  const hashKeyOf = egress.hashKey.type === 'template' ? templateOf(egress.hashKey) : () => '';
  const client = once(async () => {
    const kinesis = createKinesisClient(await createAwsClientSettings(egress.aws, { env: process.env, clock, logger }));
    const { maxRecordBytes = DEFAULT_MAX_RECORD_BYTES } = await kinesis.describeStream(stream, signal);
    context.onClose(async () => kinesis[Symbol.dispose]());
    telemetry.emit({ type: 'output.opened', output: settings.path });
    return { requests: requestsTo(kinesis), maxRecordBytes };
  });
  const requestsTo = (sink: KinesisSink) =>
    new KeyedRequests({ ...{ sink, stream, clock, signal }, maxInFlight: egress.maxInFlight, backoff: egress.retry });
  const write = async (messages: readonly Message[]): Promise<void> => {
    const { requests, maxRecordBytes } = await client().catch((error: unknown) => {
      telemetry.emit({ type: 'output.openFailed', output: settings.path });
      throw error;
    });
    const failures = new Map<number, Error>();
    const store = async (index: number): Promise<void> => {
      const record = {
        data: messages[index]!.content,
        partitionKey: keyOf(messages, index),
        explicitHashKey: hashKeyOf(messages, index) || undefined,
      };
      const problem = checkRecord(record, maxRecordBytes);
      if (problem) throw problem;
      await requests.write(record);
    };
    await Promise.all([...messages.keys()].map((index) => store(index).catch((error: Error) => void failures.set(index, error))));
    const failure = failureOf(failures, messages.length);
    if (failure) throw failure;
  };
  const policy = egress.batching && {
    ...egress.batching,
    byte_size: egress.batching.byteSize,
    period: egress.batching.periodMs,
    check: egress.batching.check ?? NO_CHECK,
  };
  return batchedOutput(leaf(write, settings, context, { maxInFlight: MAX_WAITING, opensLater: true }), policy, settings, context);
};

const NO_CHECK = { source: '', position: { file: '', line: 1, column: 1 } };

function templateOf(source: Egress['partitionKey']): (messages: readonly Message[], index: number) => string {
  const template = parseInterpolation(source.type === 'template' ? source.template.source : '');
  return (messages, index) => template.evaluate(messages, index);
}

/** Made at the first use, and again after it has failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
