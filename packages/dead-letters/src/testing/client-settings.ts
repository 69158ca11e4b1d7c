import { silentLogger, systemClock } from '@sluice/core';
import { type AwsClientSettings, createAwsClientSettings } from '@sluice/credentials';

/** Settings for a client of what plays a service on loopback. */
export const settingsFor = (endpoint: string): Promise<AwsClientSettings> => {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  return createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger });
};
