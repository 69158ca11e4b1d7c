import type { Clock } from '@sluice/core';
import type { HttpClient, HttpClientSettings, OpenHttpClient } from '@sluice/processors';
import { Attempts } from './attempts.ts';
import type { Connections } from './connections.ts';
import { Exchange } from './exchange.ts';

export interface HttpClients {
  readonly open: OpenHttpClient;
  /** Ends all connections; what is under way on them fails, and what is sent later opens new ones. */
  close(): Promise<void>;
}

/** Opens clients, each with connections of its own. */
export function httpClients(clock: Clock): HttpClients {
  const closes: (() => Promise<void>)[] = [];
  const open = (settings: HttpClientSettings): HttpClient => {
    checkProxy(settings);
    let opened: Promise<Connections> | undefined;
    closes.push(async () => {
      const open = opened;
      opened = undefined;
      await (await open?.catch(() => undefined))?.destroy();
    });
    const connections = () => {
      // Undici takes 7 MiB, which a worker that sends nothing does without.
      opened ??= import('./connections.ts').then(({ openConnections }) => openConnections(settings));
      return opened;
    };
    return new Attempts(new Exchange(settings, connections), settings, clock);
  };
  return { open, close: async () => void (await Promise.all(closes.map((close) => close()))) };
}

function checkProxy({ proxyUrl }: HttpClientSettings): void {
  if (proxyUrl === undefined || URL.canParse(proxyUrl)) return;
  throw new Error(`failed to parse proxy_url string: expected a URL, found \`${proxyUrl}\``);
}
