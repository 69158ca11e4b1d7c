import { SluiceError } from '@sluice/core';

/** Thrown when this machine has no Redis and none can be installed. */
export class RedisNotFoundError extends SluiceError {
  readonly code = 'REDIS_NOT_FOUND';
  readonly disposition = 'fatal';

  constructor() {
    super(
      'found no Redis: expected REDIS_URL, or redis-server or valkey-server on the PATH, or Docker; ' +
        'install one (Debian: apt-get install redis-server, macOS: brew install redis) or set REDIS_URL=redis://host:6379',
    );
  }
}

/** Thrown when a spawned Redis ends or stays silent instead of answering. */
export class RedisNotStartedError extends SluiceError {
  readonly code = 'REDIS_NOT_STARTED';
  readonly disposition = 'fatal';

  constructor(port: number, exitCode: number | null) {
    const what = exitCode === null ? 'did not answer within 60 s' : `ended with exit code ${exitCode}`;
    super(`redis-server on port ${port} ${what}; is the port in use, or the directory not writable?`, { details: { port, exitCode } });
  }
}
