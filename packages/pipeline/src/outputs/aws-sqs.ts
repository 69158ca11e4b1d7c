import { type BuildOutput, optionsOf } from '../component.ts';
import type { PolicyOptions } from '../stages/batch-policy.ts';
import { batchedOutput } from './batched-output.ts';
import { leaf } from './leaf.ts';
import { onceOpened } from './once.ts';
import type { SqsOptions } from './sqs-sender.ts';

/** `aws_sqs`: a message of a queue for each message. What speaks to SQS is loaded with the first. */
export const awsSqs: BuildOutput = (settings, context) => {
  const options = optionsOf<SqsOptions & { readonly max_in_flight: number; readonly batching: PolicyOptions | undefined }>(settings);
  const { max_in_flight: maxInFlight, batching } = options;
  const sender = onceOpened(async () => (await import('./sqs-sender.ts')).openSqsSender(options, settings, context), context);
  const output = leaf(async (messages) => (await sender()).write(messages), settings, context, { maxInFlight });
  return batchedOutput(output, batching, settings, context);
};
