/** One recorded case of `test`: files in a folder, and what the command answers. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { programFile } from '@sluice/testkit';

interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestsCase {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly expect: Answer;
}

const MAIN = programFile('sluice');

export async function testsCase({ files, args, env }: TestsCase): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'tests-case-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await answerOf(args, folder, { PATH: process.env['PATH'], ...env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function answerOf(args: readonly string[], cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<Answer> {
  return new Promise((answer) => {
    execFile(process.execPath, [MAIN, 'test', ...args], { cwd, env }, (error, stdout, stderr) =>
      answer({ exit: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/**
 * Exit code and output must be as recorded, but for lines of the log and the texts of lints, which are ours. What is said on standard error is ours too, if the
 * original says anything there.
 */
export function matches(expected: Answer, actual: Answer): boolean {
  return (
    expected.exit === actual.exit &&
    comparable(expected.stdout) === comparable(actual.stdout) &&
    (expected.stderr === '') === (actual.stderr === '')
  );
}

const comparable = (stdout: string): string => stdout.replaceAll(/^level=.*\n/gm, '').replaceAll(/^(Lint: \(\d+),.*$/gm, '$1)');
