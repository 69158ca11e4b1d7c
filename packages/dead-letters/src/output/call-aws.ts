import type { AwsClientSettings } from '@sluice/credentials';
import { DeadLetterOutputError } from '../errors.ts';

/** Ends a call that is not answered by then. */
const TIMEOUT_MS = 30_000;

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

/** What every SDK client of an output is made with: our policy is the only one that retries. */
export const sdkSettings = ({ region, endpoint, credentials, requestHandler, customUserAgent }: AwsClientSettings) => ({
  region,
  ...(endpoint !== undefined && { endpoint }),
  credentials,
  requestHandler,
  customUserAgent,
  maxAttempts: 1,
});

/**
 * Makes a call once. Credentials that the service refuses are fetched anew for the next one.
 * @throws {DeadLetterOutputError} the call failed, or was not answered in time
 */
export async function callAws<Output>(
  {
    name,
    credentials,
    signal,
  }: { readonly name: string; readonly credentials: AwsClientSettings['credentials']; readonly signal: AbortSignal },
  call: (signal: AbortSignal) => Promise<Output>,
): Promise<Output> {
  try {
    return await call(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && REFUSED_CREDENTIALS.has(error.name)) credentials.refused();
    throw new DeadLetterOutputError(name, error);
  }
}
