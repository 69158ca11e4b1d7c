import type { Clock } from '@sluice/core';
import type { HttpClient, HttpClientSettings, OpenHttpClient } from '@sluice/processors';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { Attempts } from './attempts.ts';
import { Exchange } from './exchange.ts';

export interface HttpClients {
  readonly open: OpenHttpClient;
  /** Ends all connections; what is under way on them fails, and what is sent later opens new ones. */
  close(): Promise<void>;
}

/** Opens clients, each with connections of its own. */
export function httpClients(clock: Clock): HttpClients {
  const closes: (() => Promise<void> | undefined)[] = [];
  const open = (settings: HttpClientSettings): HttpClient => {
    checkProxy(settings);
    let dispatcher: Dispatcher | undefined;
    closes.push(() => {
      const open = dispatcher;
      dispatcher = undefined;
      return open?.destroy();
    });
    const connections = () => {
      dispatcher ??= dispatcherOf(settings);
      return dispatcher;
    };
    return new Attempts(new Exchange(settings, connections), settings, clock);
  };
  return { open, close: async () => void (await Promise.all(closes.map((close) => close()))) };
}

/** Servers close what is idle, most after 5 s; what they close while a request is written would be lost. */
const IDLE_MS = 4_000;

function checkProxy({ proxyUrl }: HttpClientSettings): void {
  if (proxyUrl === undefined || URL.canParse(proxyUrl)) return;
  throw new Error(`failed to parse proxy_url string: expected a URL, found \`${proxyUrl}\``);
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
