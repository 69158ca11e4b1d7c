import type { Secret } from './secret.ts';

/** How to reach Kinesis, in the words of neither dialect. `undefined` means: what the AWS SDK's default chain finds. */
export interface AwsSettings {
  readonly region: string | undefined;
  /** URL with scheme; plain `http://` only where the user asked for it. */
  readonly endpoint: string | undefined;
  readonly credentials: AwsCredentials;
  /** A role assumed with `credentials`, through `endpoint` where that is set. */
  readonly assumeRole: AssumedRole | undefined;
  readonly http: HttpClientSettings;
}

export type AwsCredentials =
  | { readonly type: 'default' }
  | { readonly type: 'static'; readonly accessKeyId: string; readonly secretAccessKey: Secret; readonly sessionToken: Secret | undefined }
  /** `path` names a credentials file other than the default one. */
  | { readonly type: 'profile'; readonly name: string; readonly path: string | undefined }
  | { readonly type: 'ec2-role' };

export interface AssumedRole {
  readonly arn: string;
  readonly externalId: string | undefined;
}

/** What a user may set on the HTTP client. An absent property means: the worker's own default. */
export interface HttpClientSettings {
  readonly connectTimeoutMs?: number;
  /** Longest silence on an open connection. */
  readonly socketTimeoutMs?: number;
  /** For one attempt, from the request to the end of its answer. */
  readonly requestTimeoutMs?: number;
  /** For a call with all its retries. */
  readonly callTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly maxIdleMs?: number;
  readonly connectionTtlMs?: number;
  readonly tcpKeepAlive?: boolean;
  readonly maxAttempts?: number;
  readonly retryMode?: 'standard' | 'adaptive';
  readonly localAddress?: string;
  readonly userAgentPrefix?: string;
  readonly userAgentSuffix?: string;
  readonly proxy?: ProxySettings;
  /** `true` turns certificate checks off, as the user asked. */
  readonly trustAllCertificates?: boolean;
}

export interface ProxySettings {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  /** Host patterns reached directly, `|` between them, `*` as wildcard. */
  readonly nonProxyHosts: string | undefined;
}

export const defaultAwsSettings: AwsSettings = {
  region: undefined,
  endpoint: undefined,
  credentials: { type: 'default' },
  assumeRole: undefined,
  http: {},
};
