import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a Redis that fails on command. */
export interface RedisProxy extends AsyncDisposable {
  /** The URL of the Redis behind it, with the proxy's own host and port. */
  readonly url: string;
  readonly port: number;
  /** How many connections stand. */
  readonly connections: number;
  /** Breaks every connection at once. */
  cut(): void;
  /**
   * The next request reaches Redis and is executed, but its reply is thrown away and the connection breaks instead: in life a reply is
   * lost in no other way. Resolves when that has happened.
   * @param containing waits for a request that contains this text as the client sends it, such as a key; scripts go as EVAL or EVALSHA
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
  /** Delays each request from now on, milliseconds. */
  delay(ms: number): void;
}

/** Starts a proxy on a free port of 127.0.0.1 in front of the Redis at `url` (`redis://` only). */
export async function startRedisProxy(url: string): Promise<RedisProxy> {
  const proxy = new FaultProxy(new URL(url));
  await proxy.listen();
  return proxy;
}

interface Trap {
  readonly kind: 'request' | 'reply';
  readonly containing: string;
  readonly sprung: () => void;
}

/** A client's connection and its twin to Redis. */
interface Link {
  readonly client: Socket;
  readonly redis: Socket;
  /** Set once a trapped request went through: the bytes that come back next are its reply. */
  trap?: Trap;
}

class FaultProxy implements RedisProxy {
  readonly #target: URL;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #trap: Trap | undefined;
  #isPaused = false;
  #isOpen = true;
  #delayMs = 0;

  constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  get url(): string {
    const own = new URL(this.#target);
    own.hostname = '127.0.0.1';
    own.port = String(this.port);
    return own.href;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get connections(): number {
    return this.#links.size;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  cut(): void {
    for (const link of [...this.#links]) this.#break(link);
  }

  dropNextReply(containing?: string): Promise<void> {
    return this.#setTrap('reply', containing);
  }

  dropNextRequest(containing?: string): Promise<void> {
    return this.#setTrap('request', containing);
  }

  pause(): void {
    this.#isPaused = true;
    for (const { client, redis } of this.#links) for (const socket of [client, redis]) socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const { client, redis } of this.#links) for (const socket of [client, redis]) socket.resume();
  }

  close(): void {
    this.#isOpen = false;
    this.cut();
  }

  open(): void {
    this.#isOpen = true;
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #setTrap(kind: Trap['kind'], containing = ''): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#trap = { kind, containing, sprung: resolve };
    return promise;
  }

  #accept(client: Socket): void {
    if (!this.#isOpen) {
      client.destroy();
      return;
    }
    const link: Link = { client, redis: connect(Number(this.#target.port || 6379), this.#target.hostname) };
    this.#links.add(link);
    for (const socket of [client, link.redis]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#break(link));
      socket.on('close', () => this.#break(link));
    }
    client.on('data', (data) => {
      if (this.#delayMs > 0) setTimeout(() => this.#request(link, data), this.#delayMs);
      else this.#request(link, data);
    });
    link.redis.on('data', (data) => {
      if (link.trap) this.#spring(link, link.trap);
      else client.write(data);
    });
    if (this.#isPaused) this.pause();
  }

  #request(link: Link, data: Buffer): void {
    const trap = this.#trap;
    if (trap && data.includes(trap.containing)) {
      this.#trap = undefined;
      if (trap.kind === 'request') {
        this.#spring(link, trap);
        return;
      }
      link.trap = trap;
    }
    link.redis.write(data);
  }

  #spring(link: Link, trap: Trap): void {
    this.#break(link);
    trap.sprung();
  }

  #break(link: Link): void {
    this.#links.delete(link);
    link.client.destroy();
    link.redis.destroy();
  }
}
