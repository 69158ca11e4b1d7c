/** The AWS client properties of an ingress (`com.amazonaws.ClientConfiguration`), by name with its first letter in lower case. */
import type { HttpClientSettings, ProxySettings } from '../model/aws.ts';
import { Secret } from '../model/secret.ts';
import { anyText, checkedOnly, choice, javaInt, type PropertyRule, type ReadValue, rule, truth } from './property-table.ts';

type Rule = PropertyRule<HttpClientSettings>;

/** 0 and less switch a limit off in Java; the worker's own default then stands. */
const whenPositive = (
  name: 'connectTimeoutMs' | 'socketTimeoutMs' | 'requestTimeoutMs' | 'callTimeoutMs' | 'maxConnections' | 'maxIdleMs',
): Rule => rule(javaInt, (http, value) => (value > 0 ? { ...http, [name]: value } : http));

const noProxy: ProxySettings = { protocol: 'http', host: '', port: 80, username: undefined, password: undefined, nonProxyHosts: undefined };

const proxy = <T>(read: ReadValue<T>, change: (value: T) => Partial<ProxySettings>): Rule =>
  rule(read, (http, value) => ({ ...http, proxy: { ...noProxy, ...http.proxy, ...change(value) } }));

export const clientConfigRules: Readonly<Record<string, Rule>> = {
  socketTimeout: whenPositive('socketTimeoutMs'),
  requestTimeout: whenPositive('requestTimeoutMs'),
  clientExecutionTimeout: whenPositive('callTimeoutMs'),
  connectionTimeout: whenPositive('connectTimeoutMs'),
  maxConnections: whenPositive('maxConnections'),
  connectionMaxIdleMillis: whenPositive('maxIdleMs'),
  proxyHost: proxy(anyText, (host) => ({ host })),
  proxyPort: proxy(javaInt, (port) => ({ port })),
  proxyUsername: proxy(anyText, (username) => ({ username })),
  proxyPassword: proxy(anyText, (password) => ({ password: new Secret(password) })),
  proxyProtocol: proxy(choice('HTTP', 'HTTPS'), (protocol) => ({ protocol: protocol === 'HTTPS' ? 'https' : 'http' })),
  nonProxyHosts: proxy(anyText, (nonProxyHosts) => ({ nonProxyHosts })),
  localAddress: rule(anyText, (http, localAddress) => ({ ...http, localAddress })),
  userAgentPrefix: rule(anyText, (http, userAgentPrefix) => ({ ...http, userAgentPrefix })),
  userAgentSuffix: rule(anyText, (http, userAgentSuffix) => ({ ...http, userAgentSuffix })),
};

/** Known to the Java client and without meaning here: accepted with a warning. */
export const ineffectiveClientConfig: Readonly<Record<string, Rule>> = {
  protocol: checkedOnly(choice('HTTP', 'HTTPS')),
  connectionTTL: checkedOnly(javaInt),
  useTcpKeepAlive: checkedOnly(truth),
  maxErrorRetry: checkedOnly(javaInt),
  retryMode: checkedOnly(choice('legacy', 'standard', 'adaptive', 'LEGACY', 'STANDARD', 'ADAPTIVE')),
  useThrottleRetries: checkedOnly(truth),
  maxConsecutiveRetriesBeforeThrottling: checkedOnly(javaInt),
  useReaper: checkedOnly(truth),
  useGzip: checkedOnly(truth),
  useExpectContinue: checkedOnly(truth),
  cacheResponseMetadata: checkedOnly(truth),
  responseMetadataCacheSize: checkedOnly(javaInt),
  validateAfterInactivityMillis: checkedOnly(javaInt),
  preemptiveBasicProxyAuth: checkedOnly(truth),
  disableSocketProxy: checkedOnly(truth),
  disableHostPrefixInjection: checkedOnly(truth),
  signerOverride: checkedOnly(anyText),
  proxyDomain: checkedOnly(anyText),
  proxyWorkstation: checkedOnly(anyText),
  proxyAuthenticationMethods: checkedOnly(anyText),
  socketReceiveBufferSizeHint: checkedOnly(javaInt),
  socketSendBufferSizeHint: checkedOnly(javaInt),
  userAgent: checkedOnly(anyText),
};

const RETRIES = 'the reader repeats calls itself: set `flink.shard.getrecords.maxretries` and its neighbours';

/** Why one of {@link ineffectiveClientConfig} has no effect, where that is worth knowing. */
export const ineffectiveBecause: Readonly<Record<string, string>> = {
  protocol: 'the scheme of the endpoint decides, such as that of `aws.endpoint`',
  connectionTTL: 'a connection is closed when it is idle, not for its age',
  useTcpKeepAlive: 'connections are always kept alive',
  maxErrorRetry: RETRIES,
  retryMode: RETRIES,
};
