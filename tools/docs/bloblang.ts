/**
 * Writes the reference pages of Bloblang (`docs/bloblang/functions.md`, `methods.md`) from the environment of packages/bloblang-library:
 *
 *     node tools/docs/bloblang.ts [--check]
 *
 * With `--check` nothing is written; stale files are listed and the exit code is 1.
 */
import { bloblangPages } from './bloblang-pages.ts';
import { writeOrCheck } from './write-or-check.ts';

process.exitCode = writeOrCheck(bloblangPages(), { isCheck: process.argv.includes('--check') }) ? 0 : 1;
