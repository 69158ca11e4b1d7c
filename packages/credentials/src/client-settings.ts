import type { Clock, Logger } from '@sluice/core';
import type { AwsSettings } from './aws-settings.ts';
import { identitySourceOf } from './identity-source.ts';
import { type RefreshingCredentials, refreshingCredentials } from './refreshing-credentials.ts';
import { resolveRegion } from './region.ts';
import { type ConnectionSettings, connectionsOf, createConfiguredRequestHandler } from './request-handler.ts';

/** What an AWS SDK v3 client is made with. Pass it to `createKinesisClient`. */
export interface AwsClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: RefreshingCredentials;
  readonly requestHandler: ReturnType<typeof createConfiguredRequestHandler>;
  /** How the data plane may connect by itself. Absent where that needs the request handler: for a proxy, and for time-outs that only it has. */
  readonly connections?: ConnectionSettings;
  readonly customUserAgent: string;
  /** `json` where `AWS_CBOR_DISABLE` asks for it, as with the SDK for Java. */
  readonly encoding: 'cbor' | 'json';
  /** Ends a call with all that belongs to it; absent where the user set no limit. */
  readonly timeoutMs?: number;
}

export interface ClientSettingsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As the SDK's variables name it. @default 'KINESIS' */
  readonly service?: 'KINESIS' | 'S3' | 'SQS' | 'DYNAMODB' | 'DYNAMODB_STREAMS' | 'GLUE';
}

/**
 * Settings for one AWS client. Without an endpoint in the configuration the SDK's own `AWS_ENDPOINT_URL_KINESIS` (or `…_S3`, `…_SQS`, `…_DYNAMODB`, `…_GLUE`) and
 * `AWS_ENDPOINT_URL` hold.
 * @throws {RegionMissingError} no region is configured and none is found
 */
export async function createAwsClientSettings(settings: AwsSettings, options: ClientSettingsOptions): Promise<AwsClientSettings> {
  const { env, clock, logger, service = 'KINESIS' } = options;
  const region = await resolveRegion(settings.region, env);
  const endpoint = customEndpoint(settings, { env, service });
  const source = identitySourceOf(settings, async () => region);
  const { callTimeoutMs, requestTimeoutMs } = settings.http;
  const timeoutMs = callTimeoutMs || requestTimeoutMs;
  return {
    region,
    ...(endpoint ? { endpoint } : {}),
    credentials: refreshingCredentials(source.load, { source: source.name, clock, logger }),
    requestHandler: createConfiguredRequestHandler(settings.http),
    ...connectionsOf(settings.http),
    customUserAgent: [settings.http.userAgentPrefix, 'sluice', settings.http.userAgentSuffix].filter(Boolean).join(' '),
    encoding: isSet(env['AWS_CBOR_DISABLE']) ? 'json' : 'cbor',
    ...(timeoutMs ? { timeoutMs } : {}),
  };
}

/** The endpoint that the configuration or the environment names in place of the service's own; `undefined` where neither does. */
export const customEndpoint = (
  { endpoint }: Pick<AwsSettings, 'endpoint'>,
  { env, service = 'KINESIS' }: Pick<ClientSettingsOptions, 'env' | 'service'>,
): string | undefined => endpoint || env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined;

const isSet = (flag: string | undefined): boolean => /^(?:1|true)$/i.test(flag ?? '');
