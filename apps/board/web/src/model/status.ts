import type { Level } from './level.ts';

/** What something does, in a word or two, and how much attention it needs. */
export interface Status {
  readonly level: Level;
  readonly word: string;
  /** Why, where there is more to say. */
  readonly reason?: string;
}
