import { SluiceError } from '@sluice/core';

/** The configuration has errors; each was printed with its place. */
export class ConfigInvalidError extends SluiceError {
  readonly code = 'CONFIG_INVALID';
  readonly disposition = 'fatal';

  constructor(errors: number) {
    super(`the configuration has ${errors === 1 ? 'an error' : `${errors} errors`}; nothing was started`, { details: { errors } });
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
