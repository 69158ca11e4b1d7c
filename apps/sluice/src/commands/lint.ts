import { hasErrors } from '@sluice/config';
import { Command, Option } from 'commander';
import { findConfigFiles } from '../lint/find-config-files.ts';
import { lintFiles } from '../lint/lint-files.ts';
import { renderReport, reportAsJson } from '../lint/render-report.ts';
import { styleOf } from '../terminal/style.ts';

interface LintFlags {
  readonly format: 'text' | 'json';
  readonly envFile: readonly string[];
  readonly resources: readonly string[];
  readonly templates: readonly string[];
  readonly strict?: true;
  readonly chilled?: true;
  readonly skipEnvVarCheck?: true;
  readonly labels?: true;
  readonly deprecated?: true;
}

/** `sluice lint`: reports every problem in configuration files, without starting anything. */
export const lintCommand = (): Command =>
  new Command('lint')
    .description('Check configuration files of either language, including their Bloblang, without starting anything.')
    .argument('<paths...>', 'files, or directory/... for every .yaml and .yml file below it')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .option(
      '-e, --env-file <file>',
      'variables for ${NAME} in the files; may be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option(
      '-r, --resources <file>',
      'a file with further resources of the Benthos files; may be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option(
      '-t, --templates <file>',
      'a file, or a glob of files, with templates of components; may be repeated',
      (value, before: string[]) => [...before, value],
      [],
    )
    .option('--skip-env-var-check', 'ignore unset environment variables')
    .option('--strict', 'report as errors what Stateful Functions tolerates and what is otherwise a warning')
    .option('--chilled', 'report what Benthos calls lints as warnings')
    .option('--labels', 'ask for a label of every component of a Benthos file')
    .option('--deprecated', 'report fields that Benthos calls deprecated')
    .addHelpText(
      'after',
      `
Each file is checked on its own; references may point to any of the other files named.
A file that starts with "# BENTHOS LINT DISABLE" is exempt from Benthos lints. The exit code is 1 if there is an error.

Examples:
  sluice lint egress.yaml module.yaml
  sluice lint --format json ./config/...`,
    )
    .action(
      async (
        paths: readonly string[],
        { format, envFile, resources, templates, strict, chilled, skipEnvVarCheck, labels, deprecated }: LintFlags,
      ) => {
        const found = await findConfigFiles(paths);
        const linted = await lintFiles({
          files: found.files,
          env: process.env,
          envFiles: envFile,
          resources,
          templates,
          strict: strict ?? false,
          chilled: chilled ?? false,
          labels: labels ?? false,
          deprecated: deprecated ?? false,
          skipsEnvCheck: skipEnvVarCheck ?? false,
        });
        const report = { ...linted, problems: [...found.problems, ...linted.problems] };
        const style = styleOf(process.stdout);
        process.stdout.write(
          format === 'json' ? reportAsJson(report) : renderReport(report, { excerpt: style.isTerminal, color: style.color }),
        );
        process.exitCode = hasErrors(report.problems) ? 1 : 0;
      },
    );
