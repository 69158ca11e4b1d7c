import { SluiceError } from '@sluice/core';

/** No region was configured and none was found where the AWS SDKs look. */
export class RegionMissingError extends SluiceError {
  readonly code = 'REGION_MISSING';
  readonly disposition = 'fatal';

  constructor(cause?: unknown) {
    super(
      'found no AWS region: expected one in the configuration, in AWS_REGION, in the shared config file of the profile, or from the instance metadata service; ' +
        'set `region` (Benthos), `awsRegion` (module.yaml) or AWS_REGION',
      { cause },
    );
  }
}

/** No valid credentials were found. There may be some later: an instance role is attached, a token file renewed. */
export class CredentialsUnavailableError extends SluiceError {
  readonly code = 'CREDENTIALS_UNAVAILABLE';
  readonly disposition = 'retry';

  constructor(source: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`no AWS credentials from ${source}: ${reason}`, { cause, details: { source } });
  }
}
