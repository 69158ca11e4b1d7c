import { it } from 'vitest';
import type { KinesisTarget } from './target.ts';

/** A place where an implementation departs from the service's documentation. */
export interface Difference {
  /** The title of the conformance test that it does not pass. */
  readonly test: string;
  readonly itDoes: string;
  readonly documentation: string;
}

/** A test of the suite: its title, and what it does with a running endpoint. */
export type Check = (title: string, body: (target: KinesisTarget) => Promise<void>) => void;

/**
 * Tests against one implementation. A test that the differences name must fail: once the implementation changes its
 * ways, the entry is stale and says so.
 */
export function checkAgainst(
  target: () => KinesisTarget,
  differences: readonly Difference[],
): { check: Check; staleEntries: () => string[] } {
  const titles = new Set<string>();
  return {
    check(title, body) {
      titles.add(title);
      const difference = differences.find(({ test }) => test === title);
      if (difference) it.fails(`${title} (differs: ${difference.itDoes})`, () => body(target()));
      else it(title, () => body(target()));
    },
    staleEntries: () => differences.map(({ test }) => test).filter((title) => !titles.has(title)),
  };
}
