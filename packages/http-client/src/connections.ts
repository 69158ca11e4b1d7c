import type { HttpClientSettings } from '@sluice/processors';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';

/** Connections of one client, and what sends over them. */
export interface Connections {
  readonly send: (url: string, options: Omit<NonNullable<Parameters<typeof request>[1]>, 'dispatcher'>) => ReturnType<typeof request>;
  readonly destroy: () => Promise<void>;
}

/** Servers close what is idle, most after 5 s; what they close while a request is written would be lost. */
const IDLE_MS = 4_000;

export function openConnections(settings: HttpClientSettings): Connections {
  const dispatcher = dispatcherOf(settings);
  return { send: (url, options) => request(url, { ...options, dispatcher }), destroy: () => dispatcher.destroy() };
}

function dispatcherOf({ proxyUrl, tls }: HttpClientSettings): Dispatcher {
  const trust = {
    rejectUnauthorized: tls.verifiesServer,
    ...(tls.rootCertificates !== undefined && { ca: tls.rootCertificates }),
    ...(tls.clientCertificates.length > 0 && {
      cert: tls.clientCertificates.map(({ cert }) => cert),
      key: tls.clientCertificates.map(({ key, password }) => ({ pem: key, ...(password !== undefined && { passphrase: password }) })),
    }),
  };
  const options = { pipelining: 1, keepAliveTimeout: IDLE_MS, connect: trust };
  if (proxyUrl === undefined) return new Agent(options);
  return new ProxyAgent({ uri: proxyUrl, requestTls: trust, pipelining: 1, keepAliveTimeout: IDLE_MS });
}
