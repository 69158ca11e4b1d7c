/**
 * Writes `docs/configuration/processors.md`: each processor with its fields and an example.
 *
 *     node tools/docs/processors.ts [--check]
 */
import { processorsPage } from './processors-page.ts';
import { writeOrCheck } from './write-or-check.ts';

process.exitCode = writeOrCheck({ 'docs/configuration/processors.md': processorsPage() }, { isCheck: process.argv.includes('--check') })
  ? 0
  : 1;
