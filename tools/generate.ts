/**
 * Runs every generator of the repository:
 *
 *     node tools/generate.ts [--check]
 *
 * With `--check` they write nothing; each one lists what is stale, and the exit code is 1 if anything is.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Each takes `--check`. Paths are relative to this folder. */
const GENERATORS = [
  'schema/generate.ts',
  'docs/bloblang.ts',
  'docs/processors.ts',
  'docs/machines.ts',
  'docs/errors.ts',
  'docs/metrics.ts',
];

const failed = GENERATORS.filter((generator) => {
  const command = [join(import.meta.dirname, generator), ...process.argv.slice(2)];
  return spawnSync(process.execPath, command, { stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) console.error('run `npm run docs` to write them anew');
process.exitCode = failed.length > 0 ? 1 : 0;
