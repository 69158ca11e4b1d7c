import { SluiceError } from '@sluice/core';

/** The configuration has errors; each was printed with its place. */
export class ConfigInvalidError extends SluiceError {
  readonly code = 'CONFIG_INVALID';
  readonly disposition = 'fatal';

  constructor(errors: number, outcome = 'nothing was started') {
    super(`the configuration has ${errors === 1 ? 'an error' : `${errors} errors`}; ${outcome}`, { details: { errors } });
  }
}

/** No configuration was named and none lies in a usual place. */
export class ConfigMissingError extends SluiceError {
  readonly code = 'CONFIG_MISSING';
  readonly disposition = 'fatal';

  constructor() {
    super('expected a configuration file, found none: name one with --config file.yaml (may be repeated)');
  }
}

/** The Redis URL cannot be read. The message leaves the text out, for it may hold a password. */
export class RedisUrlError extends SluiceError {
  readonly code = 'REDIS_URL_INVALID';
  readonly disposition = 'fatal';

  constructor() {
    super(
      'expected a Redis URL such as redis://host:6379 or rediss://:password@host:6379, found something else; see `sluice.redis.url`, SLUICE_REDIS_URL or --redis-url',
    );
  }
}

/** The settings name a Redis Cluster, whose many connections have no common epoch; see docs/decisions/0002. */
export class RedisClusterError extends SluiceError {
  readonly code = 'REDIS_CLUSTER';
  readonly disposition = 'fatal';

  constructor() {
    super(
      'expected one Redis or one behind Sentinel, found `sluice.redis.cluster`: Sluice does not run on Redis Cluster; set `sluice.redis.url`, or `sluice.redis.sentinel` for fail-over',
    );
  }
}

/** The configuration gives this worker nothing to do. */
export class NothingToDoError extends SluiceError {
  readonly code = 'NOTHING_TO_DO';
  readonly disposition = 'fatal';

  constructor(expected: string) {
    super(`expected ${expected} in the configuration, found none`);
  }
}

/** The worker was asked to stop, or had to, and did not end in time, as when Redis does not answer. */
export class ShutdownTimeoutError extends SluiceError {
  readonly code = 'SHUTDOWN_TIMEOUT';
  readonly disposition = 'fatal';

  constructor(timeoutMs: number, parts: readonly string[]) {
    super(`expected ${parts.join(', ')} to end within ${timeoutMs} ms; gave up, and other workers take over once the leases have expired`, {
      details: { timeoutMs, parts: parts.join(',') },
    });
  }
}

/** A new configuration changes what a running worker cannot change safely. All of it was refused. */
export class ReloadUnsafeError extends SluiceError {
  readonly code = 'RELOAD_UNSAFE';
  readonly disposition = 'reject';

  constructor(changes: readonly string[]) {
    super(
      `expected only changes that a running worker can make, found ${changes.join(', ')}: nothing was changed; restart the workers with the new configuration, or take it back`,
      { details: { changes: changes.join(', ') } },
    );
  }
}

/** A worker that was started with a configuration in hand is asked to load it anew. */
export class ConfigSourceMissingError extends SluiceError {
  readonly code = 'CONFIG_SOURCE_MISSING';
  readonly disposition = 'reject';

  constructor() {
    super('expected a place to load the configuration from, found none: start the worker with `source` to load it anew');
  }
}
