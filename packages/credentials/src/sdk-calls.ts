/** How calls through the AWS SDK are made: once each, since our policy is the only one that retries. */
import type { AwsClientSettings } from './client-settings.ts';
import type { RefreshingCredentials } from './refreshing-credentials.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

const REFUSED_CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** What an SDK client is made with. */
export const sdkSettings = ({ region, endpoint, credentials, requestHandler, customUserAgent }: AwsClientSettings) => ({
  region,
  ...(endpoint !== undefined && { endpoint }),
  credentials,
  requestHandler,
  customUserAgent,
  maxAttempts: 1,
});

export interface CallOptions {
  readonly credentials: RefreshingCredentials;
  readonly signal: AbortSignal;
  /** Ends a call that is not answered by then. @default 30 s */
  readonly timeoutMs?: number;
  readonly toError: (cause: unknown) => Error;
}

/**
 * Makes a call. Credentials that the service refuses are fetched anew for the next one.
 * @throws what `toError` makes of a call that failed or was not answered in time; the signal's reason once it is aborted
 */
export async function callOnce<Output>(
  call: (signal: AbortSignal) => Promise<Output>,
  { credentials, signal, timeoutMs = DEFAULT_TIMEOUT_MS, toError }: CallOptions,
): Promise<Output> {
  try {
    return await call(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && REFUSED_CREDENTIALS.has(error.name)) credentials.refused();
    throw toError(error);
  }
}
