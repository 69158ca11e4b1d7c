/** Compares what the functions did with what their program asks for. */
import type { Ledger } from './cell.ts';
import type { Written } from './commands.ts';
import type { Expected, Program } from './program.ts';

export interface Outcome {
  /** By id of the cell. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
  /** Messages that the twins counted in all. */
  readonly twins: number;
  /** The first occurrence of each record in the egress's stream. */
  readonly written: readonly Written[];
}

/** What is wrong, a line each; empty where all is right. */
export function compareOutcome(program: Program, { ledgers, twins, written }: Outcome): string[] {
  const writtenBy = Map.groupBy(written, ({ id }) => id);
  const complaints = [...program.cells].flatMap(([id, expected]) => {
    const ledger = ledgers.get(id);
    if (!ledger) return [`${id}: no state`];
    return [...ledger.violations, ...compareCounts(expected, ledger), ...compareWrites(expected, ledger, writtenBy.get(id) ?? [])].map(
      (complaint) => `${id}: ${complaint}`,
    );
  });
  const strangers = [...ledgers.keys()].filter((id) => !program.cells.has(id)).map((id) => `${id}: not of this program`);
  return [...complaints, ...strangers, ...differing('twins', twins, program.disarmsByTwin)];
}

const compareCounts = (expected: Expected, ledger: Ledger): string[] =>
  (['commands', 'added', 'total', 'sent', 'seen', 'later', 'mark'] as const).flatMap((name) =>
    differing(name, ledger[name], expected[name]),
  );

/** Writes of a cell are numbered through; each command's write is there once, those of cancelled races at most once. */
function compareWrites(expected: Expected, ledger: Ledger, written: readonly Written[]): string[] {
  const counts = new Map<number, number>();
  for (const { n } of written) counts.set(n, (counts.get(n) ?? 0) + 1);
  const countOf = (n: number) => counts.get(n) ?? 0;
  const maybe = new Set(expected.maybeWrites);
  const due = new Set(expected.writes);
  return [
    ...differing('written', written.length, ledger.written),
    ...differing('numbers of writes', firstGap(written), 'none'),
    ...expected.writes.filter((n) => countOf(n) !== 1).map((n) => `command ${n} was written ${countOf(n)} times`),
    ...expected.maybeWrites.filter((n) => countOf(n) > 1).map((n) => `the cancelled race ${n} arrived ${countOf(n)} times`),
    ...[...counts.keys()].filter((n) => !due.has(n) && !maybe.has(n)).map((n) => `command ${n} was written by nobody's order`),
  ];
}

const firstGap = (written: readonly Written[]): string => {
  const index = written.findIndex(({ sequence }, position) => sequence !== position + 1);
  return index === -1 ? 'none' : `${written[index]!.sequence} at ${index + 1}`;
};

function differing(name: string, found: unknown, expected: unknown): string[] {
  const [foundText, expectedText] = [found, expected].map(canonical);
  return foundText === expectedText ? [] : [`${name} is ${foundText}, expected ${expectedText}`];
}

const canonical = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(Object.entries(value).toSorted()) : String(value);
