/** What credentials need of the configuration. `@sluice/config` fills it from either language. */

/** A value that is only revealed on request, so that it never ends up in a log. */
export interface Revealable {
  reveal(): string;
}

export interface AwsSettings {
  readonly region: string | undefined;
  /** URL with scheme; plain `http://` only where the user asked for it. */
  readonly endpoint: string | undefined;
  readonly credentials: AwsCredentials;
  /** A role assumed with `credentials`, through `endpoint` where that is set. */
  readonly assumeRole: { readonly arn: string; readonly externalId: string | undefined } | undefined;
  readonly http: HttpClientSettings;
}

export type AwsCredentials =
  | { readonly type: 'default' }
  | {
      readonly type: 'static';
      readonly accessKeyId: string;
      readonly secretAccessKey: Revealable;
      readonly sessionToken: Revealable | undefined;
    }
  /** `path` names a credentials file other than the default one. */
  | { readonly type: 'profile'; readonly name: string; readonly path: string | undefined }
  | { readonly type: 'ec2-role' };

/** What a user may set on the HTTP client. An absent property means: the default. Milliseconds throughout. */
export interface HttpClientSettings {
  /** @default 3_000 */
  readonly connectTimeoutMs?: number;
  /** Longest silence on an open connection. No limit of its own by default. */
  readonly socketTimeoutMs?: number;
  /** For one attempt, from the request to the end of its answer. */
  readonly requestTimeoutMs?: number;
  /** For a call with all its retries. */
  readonly callTimeoutMs?: number;
  /** @default 256 */
  readonly maxConnections?: number;
  readonly maxIdleMs?: number;
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
  readonly password: Revealable | undefined;
  /** Host patterns reached directly, `|` between them, `*` as wildcard, as Java has it. */
  readonly nonProxyHosts: string | undefined;
}
