import type { RedisSession } from '@sluice/redis';

/** The installation that is looked at or changed: one Redis, one key prefix. */
export interface Operator {
  readonly session: RedisSession;
  readonly keyPrefix: string;
}
