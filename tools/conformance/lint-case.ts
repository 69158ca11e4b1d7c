/** One recorded case of `lint`: a configuration, and which lines of it the original refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '@sluice/config';

interface Lint {
  readonly line: number;
  readonly text: string;
}

export interface LintCase {
  readonly id: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** By their names beside the configuration. */
  readonly files: Readonly<Record<string, string>>;
  readonly lint: readonly Lint[];
  readonly lintExit: number;
  /** With `--labels`, and with `--deprecated`, where they differ. */
  readonly lintLabels?: readonly Lint[];
  readonly lintDeprecated?: readonly Lint[];
  /** With a flag: it cannot start, so that ours may find more. */
  readonly mayHaveMore?: boolean;
  /** `starts`, or why it does not. */
  readonly run: string;
}

export interface LintOutcome {
  readonly isRefused: boolean;
  /** Of the errors, each once, in order. */
  readonly lines: readonly number[];
  readonly texts: readonly string[];
}

/** As the command lints it with a flag. */
export type LintFlag = 'labels' | 'deprecated';

export async function lintCase({ config, env, files: beside, args }: LintCase, flag?: LintFlag): Promise<LintOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lint-case-'));
  try {
    for (const [name, text] of Object.entries({ ...beside, 'c.yaml': config })) writeFileSync(join(folder, name), text);
    const filesOf = (flag: string) => args.flatMap((arg, index) => (args[index - 1] === flag ? [join(folder, arg)] : []));
    const files = [join(folder, 'c.yaml')];
    const { problems } = await loadConfig({
      files,
      env: { ...env, SLUICE_COMMANDS_ALLOWED: '*' },
      envFiles: filesOf('-e'),
      resources: filesOf('-r'),
      templates: filesOf('-t'),
      ...(flag && { [flag]: true }),
    });
    const errors = problems.filter(({ severity }) => severity === 'error');
    return {
      isRefused: errors.length > 0,
      lines: distinct(errors.map(({ line }) => line)),
      texts: errors.map(({ line, message }) => `${line}: ${message}`),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the original reports without a place: it says line 0 or 1, or names the line of its parser within the text. */
const isPlaceless = ({ line, text }: Lint): boolean =>
  line === 0 || (line === 1 && /^(?:field '|yaml: |required environment variables|unknown env var|open )/.test(text));

/**
 * Whether ours is as recorded: the same verdict, the same lines. What the original lints clean and then cannot start may be refused; where it has
 * no place, ours is free.
 */
export function matches({ lint, lintExit, run, mayHaveMore }: LintCase, { isRefused, lines }: LintOutcome): boolean {
  if (lintExit === 0) return !isRefused || run !== 'starts';
  if (!isRefused) return false;
  const expected = distinct(lint.map(({ line }) => line));
  if (mayHaveMore) return expected.every((line) => lines.includes(line));
  return lint.some(isPlaceless) || isDeepStrictEqual(expected, lines);
}

/** The case as it is recorded with a flag. */
export function withFlag(testCase: LintCase, flag: LintFlag): LintCase {
  const lint = testCase[flag === 'labels' ? 'lintLabels' : 'lintDeprecated'] ?? testCase.lint;
  const mayHaveMore = testCase.lintExit === 0 && testCase.run !== 'starts';
  return { ...testCase, lint, mayHaveMore, lintExit: lint.length > 0 ? 1 : testCase.lintExit };
}

const distinct = (lines: readonly number[]): number[] => [...new Set(lines)].sort((a, b) => a - b);
