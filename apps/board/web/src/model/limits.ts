import type { Level } from './level.ts';

/** From which value on a figure needs attention. */
interface Limit {
  readonly warn: number;
  readonly bad: number;
}

/** Behind the newest record of a shard, seconds. A minute is what a person on call is woken for. */
export const LAG_SECONDS: Limit = { warn: 10, bad: 60 };
/** Age of the first job of a lane, milliseconds. */
export const OLDEST_MS: Limit = { warn: 30_000, bad: 300_000 };
/** By how much an event loop is late. */
export const LOOP_DELAY_MS: Limit = { warn: 250, bad: 2_000 };
/** Of the memory that Redis may use. */
export const MEMORY_SHARE: Limit = { warn: 0.8, bad: 0.95 };

export const levelOf = (value: number | null, limit: Limit): Level =>
  value === null || value < limit.warn ? 'ok' : value < limit.bad ? 'warn' : 'bad';
