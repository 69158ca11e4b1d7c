import type { AwsSettings } from '@sluice/credentials';

/** How to reach Kinesis, as the package that builds the client takes it. Secrets in it are `Secret`s. */
export type { AwsCredentials, AwsSettings, HttpClientSettings, ProxySettings } from '@sluice/credentials';

export const defaultAwsSettings: AwsSettings = {
  region: undefined,
  endpoint: undefined,
  credentials: { type: 'default' },
  assumeRole: undefined,
  http: {},
};
