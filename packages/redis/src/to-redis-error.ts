import { SluiceError } from '@sluice/core';
import {
  NotRedisError,
  RedisAccessError,
  RedisBusyError,
  RedisCertificateError,
  RedisCommandError,
  RedisReplyLostError,
} from './errors.ts';

/** Replies that say "not now": nothing was executed, and the same command may succeed later. */
const BUSY =
  /\b(READONLY You can|LOADING |MASTERDOWN |BUSY |TRYAGAIN |CLUSTERDOWN |OOM command|MISCONF |NOREPLICAS |UNBLOCKED |max number of clients)/;
const DENIED = /\b(NOAUTH |WRONGPASS |NOPERM |DENIED Redis is running in protected mode|invalid password|invalid username-password)/i;
const LOST_NAMES = new Set(['MaxRetriesPerRequestError', 'AbortError']);
const LOST_MESSAGES = /^(Connection is closed|Command timed out|Socket timeout|Stream isn't writeable|connect ETIMEDOUT)/;
const LOST_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const CERTIFICATE_CODES = /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/;
const NAME_CODES = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);
/** Alerts that the server sends. */
const CLIENT_CERTIFICATE_CODES = /_ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN)$/;
const TLS_MISMATCH_CODES = new Set(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);

/** One of our errors for what ioredis throws; anything else, such as a mistake of ours, comes back as it is. */
export function toRedisError(cause: unknown, location: string): unknown {
  if (!(cause instanceof Error) || cause instanceof SluiceError) return cause;
  // A transaction that Redis refused names its reason only in the errors of its commands.
  const { previousErrors = [] } = cause as { previousErrors?: readonly Error[] };
  const text = [cause, ...previousErrors].map(({ message }) => message).join(' ');
  if (DENIED.test(text)) return new RedisAccessError(location, cause);
  if (BUSY.test(text)) return new RedisBusyError(location, cause);
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (CERTIFICATE_CODES.test(code)) return new RedisCertificateError(location, NAME_CODES.has(code) ? 'name' : 'server', cause);
  if (CLIENT_CERTIFICATE_CODES.test(code)) return new RedisCertificateError(location, 'client', cause);
  if (TLS_MISMATCH_CODES.has(code) || cause.message.startsWith('Unknown RESP type')) return new NotRedisError(location, cause);
  const isLost = LOST_NAMES.has(cause.name) || LOST_CODES.has(code) || LOST_MESSAGES.test(cause.message);
  const lostCommand = previousErrors.find((error) => error instanceof SluiceError);
  if (lostCommand) return lostCommand;
  if (isLost) return new RedisReplyLostError(location, cause);
  return cause.name === 'ReplyError' ? new RedisCommandError(location, commandOf(cause), cause) : cause;
}

/** Only its name: the arguments may hold records. */
const commandOf = (error: Error): string => (error as { command?: { name?: string } }).command?.name ?? 'transaction';
