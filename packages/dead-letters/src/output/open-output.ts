import type { DeadLetterOutputSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import type { DeadLetterOutput } from './dead-letter-output.ts';
import { createFileOutput } from './file-output.ts';
import { openS3Output } from './s3-output.ts';
import { openSqsOutput } from './sqs-output.ts';
import { openStreamOutput } from './stream-output.ts';

export interface OutputContext {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The output that the settings name. Rejects with a `SluiceError` where it cannot be reached yet, or once the signal is aborted. */
export async function openOutput(
  settings: DeadLetterOutputSettings,
  context: OutputContext,
  signal: AbortSignal,
): Promise<DeadLetterOutput> {
  switch (settings.type) {
    case 'file':
      return createFileOutput(settings.path);
    case 's3':
      return openS3Output(settings, await createAwsClientSettings(settings.aws, { ...context, service: 'S3' }));
    case 'sqs':
      return openSqsOutput(settings.url, await createAwsClientSettings(settings.aws, { ...context, service: 'SQS' }));
    case 'stream':
      return openStreamOutput(settings.stream, await createAwsClientSettings(settings.aws, context), signal);
  }
}
