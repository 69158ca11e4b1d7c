import type { Problem } from '../problem/problem.ts';

/** Where a reference that has no value stands in its line. Columns from 1. */
interface Reference {
  readonly file: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Without what is wrong with the empty text in the place of a variable that is not set or not base64: that is the one mistake. */
export function withoutConsequences(problems: readonly Problem[], sources: ReadonlyMap<string, string>): Problem[] {
  const unset = problems.filter(isCause).map((problem) => referenceAt(problem, sources));
  return problems.filter((problem) => isCause(problem) || !unset.some((reference) => covers(reference, problem)));
}

/** A warning is about a variable of a module.yaml that stays as it is written: what is wrong with that text is another matter. */
const isCause = ({ code, severity }: Problem): boolean => severity === 'error' && (code === 'env.missing' || code === 'env.invalid');

function referenceAt({ file, line, column }: Problem, sources: ReadonlyMap<string, string>): Reference {
  const text = sources.get(file)?.split('\n', line)[line - 1] ?? '';
  const end = text.indexOf('}', column - 1);
  // A value in quotes has its place at the quote.
  return { file, line, from: column - 1, to: end === -1 ? column : end + 2 };
}

const covers = ({ file, line, from, to }: Reference, problem: Problem): boolean =>
  problem.file === file && problem.line === line && problem.column >= from && problem.column <= to;
