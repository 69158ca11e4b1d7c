import { glob } from 'node:fs/promises';
import type { ProblemLog } from '../problem/problem.ts';
import { readSource } from './read-source.ts';
import type { SourceFile } from './source-file.ts';

/** The files that patterns match; a path without a wildcard is taken as it is. */
export async function expandGlobs(patterns: readonly string[], log: ProblemLog): Promise<string[]> {
  const paths: string[] = [];
  for (const pattern of patterns) {
    const found: string[] = [];
    if (!/[*?[]/.test(pattern)) found.push(pattern);
    else for await (const path of glob(pattern)) found.push(path);
    if (found.length === 0) log.error('file.unreadable', { file: pattern, line: 1, column: 1 }, 'matches no file; check the pattern');
    paths.push(...found.sort());
  }
  return paths;
}

/** Those files that can be read; the others are reported. */
export async function readAll(paths: readonly string[], log: ProblemLog): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of paths) {
    const file = await readSource(path, log);
    if (file) files.push(file);
  }
  return files;
}
