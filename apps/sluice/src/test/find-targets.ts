import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findConfigFiles } from '../lint/find-config-files.ts';
import { TestSetUpError } from './errors.ts';

/** A configuration and the file that holds its tests, often the same. */
export interface TestTarget {
  readonly config: string;
  readonly tests: string;
}

const SUFFIX = /_benthos_test(\.ya?ml)$/i;

/**
 * The configurations to test. Tests stand in the file itself or, and then only there, in a `NAME_benthos_test.yaml` beside it. A folder
 * stands for all below it.
 */
export async function findTargets(paths: readonly string[]): Promise<TestTarget[]> {
  const { files, problems } = await findConfigFiles(paths.map(spreadFolder));
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new TestSetUpError(error.file, error.message);
  const targets = new Map<string, TestTarget>();
  for (const file of files) {
    const target = targetOf(file);
    targets.set(target.config, target);
  }
  return [...targets.values()];
}

const spreadFolder = (path: string): string => (/\.ya?ml$/i.test(path) || basename(path) === '...' ? path : join(path, '...'));

function targetOf(file: string): TestTarget {
  if (SUFFIX.test(file)) return { config: file.replace(SUFFIX, '$1'), tests: file };
  const name = basename(file).replace(/(\.ya?ml)$/i, '_benthos_test$1');
  const beside = join(dirname(file), name);
  return { config: file, tests: existsSync(beside) ? beside : file };
}
