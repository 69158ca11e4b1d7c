/** What a check found. */
export interface Finding {
  readonly subject: string;
  /** A `problem` keeps a worker from running or loses records; a `warning` may later. */
  readonly outcome: 'ok' | 'warning' | 'problem';
  readonly found: string;
  /** What to do; absent where all is well. */
  readonly advice?: string;
}

export const ok = (subject: string, found: string): Finding => ({ subject, outcome: 'ok', found });

export const warning = (subject: string, found: string, advice: string): Finding => ({ subject, outcome: 'warning', found, advice });

export const problem = (subject: string, found: string, advice: string): Finding => ({ subject, outcome: 'problem', found, advice });

const MARKS = { ok: '✓', warning: '!', problem: '✗' } as const;

/** A line for each, and below it what to do. */
export const renderFindings = (findings: readonly Finding[]): string =>
  findings
    .map(
      ({ subject, outcome, found, advice }) => `${MARKS[outcome]} ${subject}: ${found}\n${advice === undefined ? '' : `    → ${advice}\n`}`,
    )
    .join('');
