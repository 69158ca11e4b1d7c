import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a Redis that fails on command. */
export interface RedisProxy extends AsyncDisposable {
  /** The URL of the Redis behind it, with the proxy's own port. */
  readonly url: string;
  readonly port: number;
  /** How many connections stand. */
  readonly connections: number;
  /** Breaks every connection at once. */
  cut(): void;
  /**
   * The next request (the next that contains `containing`, where given: `evalsha` and other names go over the wire as the client wrote them)
   * reaches Redis and is executed, but its reply is thrown away and the connection breaks instead. Resolves when that has happened.
   */
  dropNextReply(containing?: string): Promise<void>;
  /** As {@link dropNextReply}, but the request does not reach Redis either. */
  dropNextRequest(containing?: string): Promise<void>;
  /** Holds back all bytes, both ways; new connections are accepted and stay silent. */
  pause(): void;
  resume(): void;
  /** Breaks every connection and refuses new ones until {@link open}. */
  close(): void;
  open(): void;
  /** Delays each request by this time, milliseconds. */
  delay(ms: number): void;
}

interface Trap {
  readonly kind: 'request' | 'reply';
  readonly containing: string;
  sprung(): void;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Set once a trapped request went through: the bytes that come back next are its reply. */
  trap?: Trap;
}

/** Starts a proxy on a free port of 127.0.0.1 in front of the Redis at `url` (`redis://` only). */
export async function startRedisProxy(url: string): Promise<RedisProxy> {
  const target = new URL(url);
  const links = new Set<Link>();
  let trap: Trap | undefined;
  let isPaused = false;
  let isOpen = true;
  let delayMs = 0;

  const cut = () => {
    for (const { client, server } of links) {
      client.destroy();
      server.destroy();
    }
    links.clear();
  };

  const listener = createServer((client) => {
    if (!isOpen) return void client.destroy();
    const link: Link = { client, server: connect(Number(target.port || 6379), target.hostname) };
    links.add(link);
    const forget = () => {
      links.delete(link);
      client.destroy();
      link.server.destroy();
    };
    for (const socket of [client, link.server]) {
      socket.setNoDelay(true);
      socket.on('error', forget);
      socket.on('close', forget);
      if (isPaused) socket.pause();
    }
    const spring = (sprung: Trap) => {
      forget();
      sprung.sprung();
    };
    const forward = (data: Buffer) => {
      if (trap && !link.trap && data.includes(trap.containing)) {
        const met = trap;
        trap = undefined;
        if (met.kind === 'request') return spring(met);
        link.trap = met;
      }
      link.server.write(data);
    };
    client.on('data', (data) => {
      if (delayMs > 0) setTimeout(forward, delayMs, data);
      else forward(data);
    });
    link.server.on('data', (data) => {
      if (link.trap) spring(link.trap);
      else client.write(data);
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  const set = (kind: Trap['kind'], containing = '') =>
    new Promise<void>((sprung) => {
      trap = { kind, containing, sprung };
    });
  const eachSocket = (act: (socket: Socket) => void) => {
    for (const { client, server } of links) {
      act(client);
      act(server);
    }
  };

  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String(port);
  return {
    url: own.href,
    port,
    get connections() {
      return links.size;
    },
    cut,
    dropNextReply: (containing) => set('reply', containing),
    dropNextRequest: (containing) => set('request', containing),
    pause() {
      isPaused = true;
      eachSocket((socket) => socket.pause());
    },
    resume() {
      isPaused = false;
      eachSocket((socket) => socket.resume());
    },
    close() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    delay(ms) {
      delayMs = ms;
    },
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
