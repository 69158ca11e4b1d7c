/**
 * Keeps credentials until shortly before they expire.
 *
 * Callers share one refresh. A refresh ahead of time runs in the background while the old ones are still valid, and a failed one is
 * tried again after a pause; only when nothing valid is left does a caller wait, and fail if the source does.
 */
import type { Clock, Logger } from '@sluice/core';
import { CredentialsUnavailableError } from './errors.ts';

export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export type IdentitySource = () => Promise<AwsIdentity>;

export interface RefreshOptions {
  /** Names the source in errors and log lines, such as `profile orders`. */
  readonly source: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** As the SDKs do it: five minutes before the end. */
const REFRESH_AHEAD_MS = 5 * 60_000;
/** Between two tries to refresh credentials that still hold. */
const RETRY_PAUSE_MS = 10_000;
/** Credentials this close to their end may not survive the request they would sign. */
const LAST_MOMENT_MS = 15_000;

export function refreshingCredentials(load: IdentitySource, { source, clock, logger }: RefreshOptions): IdentitySource {
  let current: AwsIdentity | undefined;
  let pending: Promise<AwsIdentity> | undefined;
  let retryAt = Number.NEGATIVE_INFINITY;

  const refresh = (): Promise<AwsIdentity> => {
    pending ??= load()
      .then((identity) => {
        current = identity;
        return identity;
      })
      .catch((cause: unknown) => {
        retryAt = clock.monotonic() + RETRY_PAUSE_MS;
        throw new CredentialsUnavailableError(source, cause);
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  return async () => {
    const leftMs = current ? remainingMs(current, clock) : 0;
    if (!current || leftMs <= LAST_MOMENT_MS) return refresh();
    if (leftMs <= REFRESH_AHEAD_MS && clock.monotonic() >= retryAt) {
      refresh().catch(({ message }: Error) =>
        logger.warn('credentials could not be refreshed; the old ones still hold', { reason: message, leftMs }),
      );
    }
    return current;
  };
}

const remainingMs = ({ expiration }: AwsIdentity, clock: Clock): number =>
  expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - clock.now();
