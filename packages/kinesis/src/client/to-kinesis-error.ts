import { SluiceError } from '@sluice/core';
import {
  IteratorExpiredError,
  KinesisAccessError,
  KinesisCredentialsExpiredError,
  KinesisRefusedError,
  KinesisThrottledError,
  KinesisTimeoutError,
  KinesisUnavailableError,
  KinesisValidationError,
  StreamKeyError,
  StreamNotFoundError,
} from '../errors.ts';

/** What the call was about; goes into the error's details. */
export interface CallFacts {
  readonly operation: string;
  readonly stream?: string;
  readonly shardId?: string;
  /** The ARN of the consumer that subscribes. */
  readonly consumer?: string;
  readonly timeoutMs?: number;
}

type Kind = 'throttled' | 'unavailable' | 'expired' | 'access' | 'key' | 'notFound' | 'invalid' | 'iteratorExpired';

/** What each error name of the service means. Names as in `__type`, without namespace. */
const KIND_OF_NAME: Readonly<Record<string, Kind>> = {
  ProvisionedThroughputExceededException: 'throttled',
  LimitExceededException: 'throttled',
  KMSThrottlingException: 'throttled',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  SlowDown: 'throttled',
  // The stream is being created or changed: it will be active again.
  ResourceInUseException: 'unavailable',
  InternalFailure: 'unavailable',
  InternalFailureException: 'unavailable',
  InternalServerError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  RequestTimeout: 'unavailable',
  RequestTimeoutException: 'unavailable',
  // Signed with an old date: the SDK corrects its clock for the next try.
  RequestExpired: 'unavailable',
  RequestTimeTooSkewed: 'unavailable',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  ExpiredNextTokenException: 'unavailable',
  ExpiredIteratorException: 'iteratorExpired',
  ResourceNotFoundException: 'notFound',
  AccessDeniedException: 'access',
  AccessDenied: 'access',
  UnrecognizedClientException: 'access',
  InvalidClientTokenId: 'access',
  InvalidSignatureException: 'access',
  SignatureDoesNotMatch: 'access',
  IncompleteSignature: 'access',
  IncompleteSignatureException: 'access',
  MissingAuthenticationToken: 'access',
  MissingAuthenticationTokenException: 'access',
  NotAuthorized: 'access',
  OptInRequired: 'access',
  CredentialsProviderError: 'access',
  TokenProviderError: 'access',
  KMSAccessDeniedException: 'key',
  KMSDisabledException: 'key',
  KMSInvalidStateException: 'key',
  KMSNotFoundException: 'key',
  KMSOptInRequired: 'key',
  ValidationException: 'invalid',
  ValidationError: 'invalid',
  InvalidArgumentException: 'invalid',
  InvalidParameterValue: 'invalid',
  SerializationException: 'invalid',
};

/** Names with which the service says that a request was signed with credentials that it does not, or no longer, take. */
const REFUSED_SIGNATURE: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'IncompleteSignatureException',
]);

/** Whether other credentials may help against this answer of the service. */
export const isRefusedSignature = (cause: unknown): boolean =>
  cause instanceof Error && REFUSED_SIGNATURE.has(cause.name) && !isClockSkew(cause);

/** Codes of Node's sockets, resolver and TLS with which a call ends before the service answered. */
const NETWORK_CODE =
  /^(?:E(?:CONN(?:REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|HOSTDOWN|AI_AGAIN|ADDRNOTAVAIL|PROTO|SOCKETTIMEDOUT)|ENOTFOUND|UND_ERR_.*|HPE_.*|ERR_(?:SSL|TLS|STREAM|HTTP2).*|CERT_.*|(?:DEPTH|SELF|UNABLE).*)$/;

/**
 * What any failure of a Kinesis call means to Sluice. A `SluiceError` stays as it is; an error that is neither the service's nor the
 * network's is a bug and stays what it is too, so that it is never retried.
 */
export function toKinesisError(cause: unknown, facts: CallFacts = { operation: 'unknown' }): unknown {
  if (cause instanceof SluiceError || !(cause instanceof Error)) return cause;
  const details = { ...facts };
  const kind = isClockSkew(cause) ? 'unavailable' : KIND_OF_NAME[cause.name];
  if (kind) return errorOfKind(kind, cause, details);
  // First, for the SDK calls a connection that was reset a `TimeoutError` too.
  const network = networkReason(cause);
  if (network) return new KinesisUnavailableError(network, details, cause);
  if (cause.name === 'TimeoutError') return new KinesisTimeoutError(facts.timeoutMs ?? 0, details, cause);
  const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === undefined) return cause;
  if (status === 429) return new KinesisThrottledError(cause.name, details, cause);
  if (status === 403 || status === 401) return new KinesisAccessError(reasonOf(cause), details, cause);
  // A success whose body cannot be read came through a broken connection or a proxy.
  if (status >= 500 || status < 300) return new KinesisUnavailableError(`${reasonOf(cause)} (HTTP ${status})`, details, cause);
  return new KinesisRefusedError(`${reasonOf(cause)} (HTTP ${status})`, details, cause);
}

function errorOfKind(kind: Kind, cause: Error, facts: Readonly<Record<string, unknown>> & CallFacts): SluiceError {
  const reason = reasonOf(cause);
  switch (kind) {
    case 'throttled':
      return new KinesisThrottledError(cause.name, facts, cause);
    case 'unavailable':
      return new KinesisUnavailableError(reason, facts, cause);
    case 'expired':
      return new KinesisCredentialsExpiredError(reason, facts, cause);
    case 'access':
      return new KinesisAccessError(reason, facts, cause);
    case 'key':
      return new StreamKeyError(reason, facts, cause);
    case 'notFound':
      return new StreamNotFoundError(reason, facts, cause);
    case 'invalid':
      return new KinesisValidationError(reason, facts, cause);
    case 'iteratorExpired':
      return new IteratorExpiredError(facts.shardId ?? 'unknown shard', cause);
  }
}

// The SDK takes the service's time from such an answer and signs the next request with it.
const isClockSkew = ({ name, message }: Error): boolean =>
  name === 'InvalidSignatureException' && /Signature (?:expired|not yet current)/.test(message);

function networkReason(error: Error): string | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === 'string' && NETWORK_CODE.test(code)) return error.message || code;
  // A name with several addresses fails with one error for each of them.
  if (error instanceof AggregateError)
    return error.errors.map((each) => (each instanceof Error ? networkReason(each) : undefined)).find(Boolean);
  if (error.message === 'socket hang up' || error.message === 'aborted') return error.message;
  return error.cause instanceof Error ? networkReason(error.cause) : undefined;
}

// The first line: the SDK adds advice for its own users below it.
const reasonOf = (error: Error): string => `${error.name}${error.message ? `: ${error.message.split('\n', 1)[0]}` : ''}`;
