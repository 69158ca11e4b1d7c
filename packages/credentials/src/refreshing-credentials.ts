/**
 * Keeps credentials until shortly before they expire, and loads them anew when AWS refuses them.
 *
 * Callers share one load. A refresh ahead of time runs in the background while the old ones are still valid, and a failed one is
 * tried again after a pause; only when nothing valid is left does a caller wait, and fail if the source does. Credentials without
 * an expiration, as files hold them, are read again every few minutes: somebody may replace them.
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

/** What an AWS SDK client takes as `credentials`. */
export interface RefreshingCredentials extends IdentitySource {
  /** Tells the SDK to ask for each request, instead of keeping what it got. */
  readonly memoized: true;
  /** To be called when AWS refuses what was signed: the next request waits for credentials loaded anew, at most once in ten seconds. */
  refused(): void;
}

export interface RefreshOptions {
  /** Names the source in errors and log lines, such as `profile orders`. */
  readonly source: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** As the SDKs do it: five minutes before the end. */
const REFRESH_AHEAD_MS = 5 * 60_000;
/** Between two looks at credentials that do not say when they expire. */
const REREAD_MS = 5 * 60_000;
/** Between two tries to refresh credentials that still hold, and between two loads because AWS refused. */
const RETRY_PAUSE_MS = 10_000;
/** Credentials this close to their end may not survive the request they would sign. */
const LAST_MOMENT_MS = 15_000;

export function refreshingCredentials(load: IdentitySource, { source, clock, logger }: RefreshOptions): RefreshingCredentials {
  let current: AwsIdentity | undefined;
  let pending: Promise<AwsIdentity> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let retryAt = Number.NEGATIVE_INFINITY;
  let isRefused = false;

  const refresh = (): Promise<AwsIdentity> => {
    pending ??= load()
      .then((identity) => {
        if (current && current.accessKeyId !== identity.accessKeyId) logger.info('credentials were replaced', { source });
        current = identity;
        loadedAt = clock.monotonic();
        isRefused = false;
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

  const isDue = ({ expiration }: AwsIdentity, leftMs: number): boolean =>
    expiration === undefined ? clock.monotonic() - loadedAt >= REREAD_MS : leftMs <= REFRESH_AHEAD_MS;

  const credentials = async () => {
    const leftMs = current ? remainingMs(current, clock) : 0;
    if (!current || leftMs <= LAST_MOMENT_MS) return refresh();
    if (isRefused && clock.monotonic() >= Math.max(retryAt, loadedAt + RETRY_PAUSE_MS)) return refresh();
    if (isDue(current, leftMs) && clock.monotonic() >= retryAt) {
      refresh().catch(({ message }: Error) =>
        logger.warn('credentials could not be refreshed; the old ones are kept', {
          reason: message,
          ...(leftMs !== Infinity && { leftMs }),
        }),
      );
    }
    return current;
  };
  return Object.assign(credentials, {
    memoized: true as const,
    refused: () => {
      isRefused = true;
    },
  });
}

const remainingMs = ({ expiration }: AwsIdentity, clock: Clock): number =>
  expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - clock.now();
