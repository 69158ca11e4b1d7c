import type { BoardSettings } from '@sluice/config';
import type { Clock } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { Act } from '../actions.ts';
import type { CsrfTokens } from '../security/cross-site.ts';

/** What the routes of the API share. */
export interface ApiContext {
  readonly settings: BoardSettings;
  readonly keyPrefix: string;
  readonly csrf: CsrfTokens;
  readonly clock: Clock;
  /** @throws {RedisNotReadyError} as long as Redis is not there */
  readonly connected: () => RedisSession;
  readonly act: Act;
}
