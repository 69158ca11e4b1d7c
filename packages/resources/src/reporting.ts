/** Caches and rate limits that report how each use of them went. */
import { type Awaitable, andThen, type Clock } from '@sluice/core';
import type { Cache, RateLimit } from '@sluice/processors';
import type { ResourceEvent } from '@sluice/telemetry';

type Report = (event: ResourceEvent) => void;
type Outcome = 'cache.succeeded' | 'cache.notFound' | 'cache.duplicate';

export function reportingCache(cache: Cache, label: string, { clock, report }: { readonly clock: Clock; readonly report: Report }): Cache {
  const observe = <T>(operation: 'get' | 'set' | 'add' | 'delete', use: () => Awaitable<T>, outcomeOf: (answer: T) => Outcome) => {
    const startedMs = clock.monotonic();
    const tell = (type: Outcome | 'cache.failed') =>
      report({ type, cache: label, operation, seconds: (clock.monotonic() - startedMs) / 1_000 });
    return orFail(
      () =>
        andThen(use(), (answer) => {
          tell(outcomeOf(answer));
          return answer;
        }),
      () => tell('cache.failed'),
    );
  };
  const succeeded = (): Outcome => 'cache.succeeded';
  return {
    get: (key) =>
      observe(
        'get',
        () => cache.get(key),
        (value) => (value === undefined ? 'cache.notFound' : 'cache.succeeded'),
      ),
    set: (key, value, ttlMs) => observe('set', () => cache.set(key, value, ttlMs), succeeded),
    add: (key, value, ttlMs) =>
      observe(
        'add',
        () => cache.add(key, value, ttlMs),
        (isNew) => (isNew ? 'cache.succeeded' : 'cache.duplicate'),
      ),
    delete: (key) => observe('delete', () => cache.delete(key), succeeded),
  };
}

export const reportingRateLimit = (limit: RateLimit, rateLimit: string, report: Report): RateLimit => ({
  access: () => {
    report({ type: 'rateLimit.checked', rateLimit });
    return orFail(
      () =>
        andThen(limit.access(), (waitMs) => {
          if (waitMs > 0) report({ type: 'rateLimit.triggered', rateLimit });
          return waitMs;
        }),
      () => report({ type: 'rateLimit.failed', rateLimit }),
    );
  },
});

/** Calls `onFailure` where it throws or rejects, and does the same. */
function orFail<T>(use: () => Awaitable<T>, onFailure: () => void): Awaitable<T> {
  const fail = (error: unknown): never => {
    onFailure();
    throw error;
  };
  try {
    const answer = use();
    return answer instanceof Promise ? answer.catch(fail) : answer;
  } catch (error) {
    return fail(error);
  }
}
