import { type Problem, renderProblem } from '@sluice/config';
import type { LintReport } from './lint-files.ts';

export interface ReportStyle {
  /** Below each problem the line in question, with a caret. */
  readonly excerpt: boolean;
  readonly color: boolean;
}

/** Errors, then warnings, and how many there are of each. */
export function renderReport({ files, problems, sources }: LintReport, style: ReportStyle): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  const section = (some: readonly Problem[]) =>
    some.length === 0 ? [] : [some.map((problem) => renderProblem(problem, sources, style)).join('')];
  const gap = style.excerpt ? '\n' : '';
  return [...section(errors), ...section(warnings), `${countOf(files, errors, warnings)}\n`].join(gap);
}

/** One object with everything in it, for other programs. */
export function reportAsJson({ files, problems }: LintReport): string {
  const count = (severity: Problem['severity']) => problems.filter((problem) => problem.severity === severity).length;
  return `${JSON.stringify({ files: files.length, errors: count('error'), warnings: count('warning'), problems }, null, 2)}\n`;
}

const countOf = (files: readonly string[], errors: readonly Problem[], warnings: readonly Problem[]): string =>
  `${plural(files.length, 'file')} checked: ${errors.length === 0 ? 'no errors' : plural(errors.length, 'error')}${warnings.length === 0 ? '' : `, ${plural(warnings.length, 'warning')}`}`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
