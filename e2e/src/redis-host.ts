import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';

/** A Redis whose crashes can be staged: it comes back at the same port, from the same append-only file. */
export class RedisHost implements AsyncDisposable {
  readonly url: string;
  readonly session: RedisSession;
  readonly #directory: string;
  readonly #extraArguments: readonly string[];
  #server: RedisServer;

  private constructor(server: RedisServer, session: RedisSession, directory: string, extraArguments: readonly string[]) {
    this.#server = server;
    this.#directory = directory;
    this.#extraArguments = extraArguments;
    this.session = session;
    this.url = server.url;
  }

  /** @param extraArguments such as `['--appendfsync', 'always']` */
  static async start(directory: string, extraArguments: readonly string[] = []): Promise<RedisHost> {
    const server = await startRedisServer({ directory, extraArguments });
    const session = await connectRedis({ url: server.url }, { logger: silentLogger, clock: systemClock });
    return new RedisHost(server, session, directory, extraArguments);
  }

  /** Ends it as a crash does, cuts up to `cutBytes` off the end of what it wrote, and starts it again. Answers how much was cut. */
  async crash(cutBytes: number): Promise<number> {
    const { port } = this.#server;
    await this.#server.stop('SIGKILL');
    const cut = await this.#cutTail(cutBytes);
    this.#server = await startRedisServer({ port, directory: this.#directory, extraArguments: this.#extraArguments });
    return cut;
  }

  /**
   * Resolves once the append-only file was written anew after a start. Before that, a transaction that the cut tore apart lies in the middle
   * of the file, where a second cut would find it.
   */
  async rewritten(): Promise<void> {
    await until('the append-only file to be written anew', async () => {
      const persistence = await this.session.client.info('persistence');
      return (
        persistence.includes('aof_rewrite_in_progress:0') &&
        persistence.includes('aof_rewrite_scheduled:0') &&
        !persistence.includes('aof_last_rewrite_time_sec:-1')
      );
    });
  }

  async #cutTail(cutBytes: number): Promise<number> {
    const folder = join(this.#directory, 'appendonlydir');
    const last = (await readdir(folder))
      .filter((name) => name.endsWith('.incr.aof'))
      .toSorted(byGeneration)
      .at(-1)!;
    const file = join(folder, last);
    const { size } = await stat(file);
    const kept = Math.max(0, size - cutBytes);
    await truncate(file, kept);
    return size - kept;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
    await this.#server.stop('SIGKILL');
  }
}

/** `appendonly.aof.10.incr.aof` follows `appendonly.aof.9.incr.aof`. */
const byGeneration = (a: string, b: string): number => generationOf(a) - generationOf(b);

const generationOf = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)![1]);
