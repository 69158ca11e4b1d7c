export interface RedisServerOptions {
  /** A free port where absent. */
  readonly port?: number;
  /** Where the append-only file lives. A temporary folder, removed at the end, where absent. */
  readonly directory?: string;
  /** `true` (the default) keeps an append-only file, flushed to disk every second. */
  readonly appendOnly?: boolean;
  /** Hears what takes long before Redis is there, such as its installation. */
  readonly onNotice?: (text: string) => void;
  /** Further `redis-server` arguments, such as `['--maxmemory-policy', 'allkeys-lru']`. */
  readonly extraArguments?: readonly string[];
}

/** A Redis of our own on 127.0.0.1. Disposing ends it. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** Ends it: `SIGTERM` lets Redis write its files, `SIGKILL` is a crash. The directory stays, so that a new server can go on from it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}
