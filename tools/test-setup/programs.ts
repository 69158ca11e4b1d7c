/** Runs once before tests that start processes: bundles the programs where their sources have changed, and has `programFile` find them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CURRENT = join(import.meta.dirname, '../bundle/current.ts');

export default async function bundleProgramsUnderTest(): Promise<void> {
  // In a process of its own, since bundling takes much memory.
  process.env['PROGRAMS_UNDER_TEST'] ??= (await promisify(execFile)(process.execPath, [CURRENT])).stdout.trim();
}
