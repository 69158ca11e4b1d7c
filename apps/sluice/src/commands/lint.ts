import { hasErrors } from '@sluice/config';
import { Command, Option } from 'commander';
import { findConfigFiles } from '../lint/find-config-files.ts';
import { lintFiles } from '../lint/lint-files.ts';
import { renderReport, reportAsJson } from '../lint/render-report.ts';
import { styleOf } from '../terminal/style.ts';

interface LintFlags {
  readonly format: 'text' | 'json';
  readonly envFile: readonly string[];
  readonly strict?: true;
  readonly chilled?: true;
  readonly skipEnvVarCheck?: true;
}

/** `sluice lint`: everything that is wrong in configuration files, without starting anything. */
export const lintCommand = (): Command =>
  new Command('lint')
    .description('Check configuration files of either language, their Bloblang included, without starting anything.')
    .argument('<paths...>', 'files, or directory/... for every .yaml and .yml file below it')
    .addOption(new Option('--format <format>', 'how the problems are written').choices(['text', 'json']).default('text'))
    .option(
      '-e, --env-file <file>',
      'variables for ${NAME} in the files; may be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--skip-env-var-check', 'do not mind variables that are not set')
    .option('--strict', 'refuse what is only warned about otherwise because Stateful Functions tolerates it')
    .option('--chilled', 'only warn about what Benthos calls lints')
    .addHelpText(
      'after',
      `
Each file is checked by itself; what it refers to may be defined in any other of the files named.
A file that begins with "# BENTHOS LINT DISABLE" is spared the lints of Benthos. The exit code is 1 if there is any error.

Examples:
  sluice lint egress.yaml module.yaml
  sluice lint --format json ./config/...`,
    )
    .action(async (paths: readonly string[], { format, envFile, strict, chilled, skipEnvVarCheck }: LintFlags) => {
      const found = await findConfigFiles(paths);
      const linted = await lintFiles({
        files: found.files,
        env: process.env,
        envFiles: envFile,
        strict: strict ?? false,
        chilled: chilled ?? false,
        skipsEnvCheck: skipEnvVarCheck ?? false,
      });
      const report = { ...linted, problems: [...found.problems, ...linted.problems] };
      const style = styleOf(process.stdout);
      process.stdout.write(
        format === 'json' ? reportAsJson(report) : renderReport(report, { excerpt: style.isTerminal, color: style.color }),
      );
      process.exitCode = hasErrors(report.problems) ? 1 : 0;
    });
