import { SluiceError } from '@sluice/core';
import { accessRemedy, busyRemedy, inRedisWords } from './refusal-remedies.ts';

/** Thrown when the Redis settings cannot be understood. Never quotes a password. */
export class RedisSettingsError extends SluiceError {
  readonly code = 'REDIS_SETTINGS_INVALID';
  readonly disposition = 'fatal';
}

/** Thrown at once, with nothing sent, while the connection to Redis is down. */
export class RedisNotReadyError extends SluiceError {
  readonly code = 'REDIS_NOT_READY';
  readonly disposition = 'retry';

  constructor(location: string) {
    super(`not connected to redis at ${location}`, { details: { location } });
  }
}

/** Thrown, with nothing sent, for a command that belongs to a connection that is gone: what it would have said may no longer be true. */
export class RedisEpochMovedError extends SluiceError {
  readonly code = 'REDIS_EPOCH_MOVED';
  readonly disposition = 'retry';

  constructor(location: string, expected: number, epoch: number) {
    super(`the connection to redis at ${location} was lost since (epoch ${expected}, now ${epoch})`, {
      details: { location, expected, epoch },
    });
  }
}

/** Thrown when the connection went while a command was under way: it may or may not have been executed. */
export class RedisReplyLostError extends SluiceError {
  readonly code = 'REDIS_REPLY_LOST';
  readonly disposition = 'retry';

  constructor(location: string, cause: unknown) {
    super(`lost the connection to redis at ${location} before its reply came`, { cause, details: { location } });
  }
}

/** Thrown when Redis refused a command for a reason that passes: it loads, was demoted, is out of memory, lacks replicas. */
export class RedisBusyError extends SluiceError {
  readonly code = 'REDIS_BUSY';
  readonly disposition = 'retry';

  constructor(location: string, cause: Error) {
    super(`redis at ${location} refused a command for now: ${inRedisWords(cause)}${busyRemedy(cause)}`, { cause, details: { location } });
  }
}

/** Thrown when Redis refused a command for what it was or what it met, such as a key of another type. Trying again does not help. */
export class RedisCommandError extends SluiceError {
  readonly code = 'REDIS_COMMAND_FAILED';
  readonly disposition = 'fatal';

  constructor(location: string, command: string, cause: Error) {
    super(
      `redis at ${location} failed the command ${command}: ${cause.message}; ` +
        'check that nothing else writes keys with this prefix, and that it is a Redis or Valkey of a supported version',
      { cause, details: { location, command } },
    );
  }
}

/** Thrown when Redis refuses our user or password, or a command to our user. */
export class RedisAccessError extends SluiceError {
  readonly code = 'REDIS_ACCESS_DENIED';
  readonly disposition = 'fatal';

  constructor(location: string, cause: Error) {
    super(`redis at ${location} denies access: ${inRedisWords(cause)}; ${accessRemedy(cause)}`, { cause, details: { location } });
  }
}

/** Thrown when the server at that address does not speak Redis, or speaks it with TLS where we do not, or the other way round. */
export class NotRedisError extends SluiceError {
  readonly code = 'REDIS_PROTOCOL_MISMATCH';
  readonly disposition = 'fatal';

  constructor(location: string, cause: Error) {
    super(
      `what listens at ${location} does not answer as a redis: ${cause.message}; ` +
        'check host and port, and that the URL begins with rediss:// exactly where TLS is spoken',
      { cause, details: { location } },
    );
  }
}

/** Thrown when the certificate that Redis shows is not trusted, or Redis does not trust ours. */
export class RedisCertificateError extends SluiceError {
  readonly code = 'REDIS_CERTIFICATE_INVALID';
  readonly disposition = 'fatal';

  constructor(location: string, whose: 'server' | 'name' | 'client', cause: Error) {
    super(`${CERTIFICATE_FAULTS[whose](location)}: ${cause.message}; ${CERTIFICATE_REMEDIES[whose]}`, { cause, details: { location } });
  }
}

const CERTIFICATE_FAULTS = {
  server: (location: string) => `the certificate of redis at ${location} is not trusted`,
  name: (location: string) => `the certificate of redis at ${location} is for another name`,
  client: (location: string) => `redis at ${location} wants a certificate of ours that it trusts`,
};

const CERTIFICATE_REMEDIES = {
  server: 'set the file of its authority as `sluice.redis.tls.ca_file`',
  name: 'use that name in the URL, or set it as `sluice.redis.tls.server_name`',
  client: 'set `sluice.redis.tls.cert_file` and `key_file`',
};

/** Thrown when no connection was made within the time the caller gave. */
export class RedisUnreachableError extends SluiceError {
  readonly code = 'REDIS_UNREACHABLE';
  readonly disposition = 'fatal';

  constructor(location: string, waitedMs: number, reason: string) {
    super(`cannot reach redis at ${location} within ${waitedMs} ms: ${reason}; is it running, and is the URL right?`, {
      details: { location, waitedMs, reason },
    });
  }
}

/** Thrown when a later release has written what this one does not read. */
export class FormatTooNewError extends SluiceError {
  readonly code = 'FORMAT_TOO_NEW';
  readonly disposition = 'fatal';

  constructor(location: string, formats: readonly string[]) {
    super(
      `expected formats that this release reads in redis at ${location}, found ${formats.join(', ')}: run the release that wrote them, or see docs/upgrading.md on going back`,
      { details: { location, formats: formats.join(', ') } },
    );
  }
}

/** Thrown when Redis runs in a way that would lose records; the message says how to change it. */
export class RedisUnsuitableError extends SluiceError {
  readonly code = 'REDIS_UNSUITABLE';
  readonly disposition = 'fatal';

  constructor(location: string, problem: string, remedy: string) {
    super(`redis at ${location} ${problem}; ${remedy}`, { details: { location, problem } });
  }
}
