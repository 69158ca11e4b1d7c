/**
 * Writes `docs/errors.md`: every error with its code, what is done about it, and what it means.
 *
 *     node tools/docs/errors.ts [--check]
 */
import { join } from 'node:path';
import { errorClasses } from './error-classes.ts';
import { writeOrCheck } from './write-or-check.ts';

const rows = errorClasses(join(import.meta.dirname, '..', '..'))
  .filter(({ isAbstract }) => !isAbstract)
  .toSorted((a, b) => (a.code ?? '').localeCompare(b.code ?? ''))
  .map(
    ({ name, code, disposition, summary, path }) =>
      `| ${code === 'by case' ? code : `\`${code}\``} | ${disposition ?? 'by case'} | ${summary.replaceAll('|', '\\|')} | [${name}](../${path}) |`,
  );

const page = `# Errors

Generated from the error classes by \`npm run docs\`. Programs should match on the code. What is done about an error is its disposition:
\`retry\`: tried again, with back-off; \`reject\`: the record becomes a dead letter and its neighbours go on; \`fatal\`: the process stops with this message.

| code | disposition | meaning | class |
|---|---|---|---|
${rows.join('\n')}
`;

process.exitCode = writeOrCheck({ 'docs/errors.md': page }, { isCheck: process.argv.includes('--check') }) ? 0 : 1;
