import { readFileSync } from 'node:fs';
import type { HttpClientSettings, HttpTlsSettings } from './http-port.ts';
import type { SourceText } from './processor.ts';

/** The fields of `http` as a configuration has them, durations in milliseconds. */
export interface HttpOptions {
  readonly url: SourceText;
  readonly verb: string;
  readonly headers: Readonly<Record<string, SourceText>>;
  readonly metadata: MetadataNames;
  readonly extract_headers: MetadataNames;
  readonly rate_limit: string;
  readonly timeout: number;
  readonly retry_period: number;
  readonly max_retry_backoff: number;
  readonly retries: number;
  readonly follow_redirects: boolean;
  readonly backoff_on: readonly number[];
  readonly drop_on: readonly number[];
  readonly successful_on: readonly number[];
  readonly proxy_url: string;
  readonly basic_auth: { readonly enabled: boolean; readonly username: string; readonly password: string };
  readonly tls: TlsOptions;
  readonly batch_as_multipart: boolean;
  /** Of the output `http_client`: what the body is made of, instead of the message. */
  readonly multipart?: readonly PartOptions[];
  readonly parallel: boolean;
}

export interface PartOptions {
  readonly content_type: SourceText;
  readonly content_disposition: SourceText;
  readonly body: SourceText;
}

interface TlsOptions {
  readonly enabled: boolean;
  readonly skip_cert_verify: boolean;
  readonly root_cas: string;
  readonly root_cas_file: string;
  readonly client_certs: readonly CertificateOptions[];
}

interface CertificateOptions {
  readonly cert: string;
  readonly key: string;
  readonly cert_file: string;
  readonly key_file: string;
  readonly password: string;
}

interface MetadataNames {
  readonly include_prefixes: readonly string[];
  readonly include_patterns: readonly string[];
}

/** Throws where a file cannot be read. */
export const clientSettings = (options: HttpOptions): HttpClientSettings => ({
  timeoutMs: options.timeout,
  followsRedirects: options.follow_redirects,
  retries: options.retries,
  retryPeriodMs: options.retry_period,
  maxRetryBackoffMs: options.max_retry_backoff,
  backoffOn: options.backoff_on,
  dropOn: options.drop_on,
  successfulOn: options.successful_on,
  proxyUrl: options.proxy_url === '' ? undefined : options.proxy_url,
  tls: tlsOf(options.tls),
});

/** Throws where a file cannot be read. */
export const tlsOf = (options: TlsOptions): HttpTlsSettings => (options.enabled ? tlsSettings(options) : PLAIN_TLS);

const PLAIN_TLS: HttpTlsSettings = { verifiesServer: true, rootCertificates: undefined, clientCertificates: [] };

const tlsSettings = ({
  skip_cert_verify: skips,
  root_cas: roots,
  root_cas_file: file,
  client_certs: certs,
}: TlsOptions): HttpTlsSettings => ({
  verifiesServer: !skips,
  rootCertificates: textOrFile(roots, file) || undefined,
  clientCertificates: certs.map((one) => ({
    cert: textOrFile(one.cert, one.cert_file),
    key: textOrFile(one.key, one.key_file),
    password: one.password || undefined,
  })),
});

const textOrFile = (text: string, file: string): string => (file === '' ? text : readFileSync(file, 'utf8'));

/** Whether a name, in lower case, begins or matches as configured. */
export function metadataFilter({ include_prefixes: prefixes, include_patterns: patterns }: MetadataNames): (name: string) => boolean {
  const expressions = patterns.map((pattern) => new RegExp(pattern));
  return (name) => prefixes.some((prefix) => name.startsWith(prefix)) || expressions.some((expression) => expression.test(name));
}
