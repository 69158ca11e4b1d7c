import { type BuildOutput, optionsOf } from '../component.ts';
import type { PolicyOptions } from '../stages/batch-policy.ts';
import { batchedOutput } from './batched-output.ts';
import { leaf } from './leaf.ts';
import { onceOpened } from './once.ts';
import type { S3Options } from './s3-uploader.ts';

/** `aws_s3`: an object of a bucket for each message. What speaks to S3 is loaded with the first. */
export const awsS3: BuildOutput = (settings, context) => {
  const options = optionsOf<S3Options & { readonly max_in_flight: number; readonly batching: PolicyOptions | undefined }>(settings);
  const { max_in_flight: maxInFlight, batching } = options;
  const uploader = onceOpened(async () => (await import('./s3-uploader.ts')).openS3Uploader(options, context), context);
  const output = leaf(async (messages) => (await uploader()).write(messages), settings, context, { maxInFlight });
  return batchedOutput(output, batching, settings, context);
};
