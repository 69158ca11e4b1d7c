import { hasErrors, loadConfig, renderProblem } from '@sluice/config';
import { addConfigFlags, type ConfigFlags, ConfigInvalidError, optionsOf } from '@sluice/worker';
import { Command, Option } from 'commander';
import { renderEffective } from '../config-show/render-effective.ts';
import { styleOf } from '../terminal/style.ts';

interface ShowFlags extends ConfigFlags {
  readonly format: 'yaml' | 'json';
  /** Commander's `--no-defaults`. */
  readonly defaults: boolean;
}

/** `sluice config`: what is in force. */
export const configCommand = (): Command => new Command('config').description('Show the configuration in force.').addCommand(showCommand());

const showCommand = (): Command =>
  addConfigFlags(new Command('show'))
    .description('Print every value in force and where it comes from, without secrets.')
    .addOption(new Option('--format <format>', 'output format').choices(['yaml', 'json']).default('yaml'))
    .option('--no-defaults', 'leave out default values')
    .action(async (flags: ShowFlags) => {
      const { effective, problems, sources } = await loadConfig(optionsOf(flags, process.env));
      const excerpt = styleOf(process.stderr);
      for (const problem of problems)
        process.stderr.write(renderProblem(problem, sources, { excerpt: excerpt.isTerminal, color: excerpt.color }));
      if (hasErrors(problems)) throw new ConfigInvalidError(problems.filter(({ severity }) => severity === 'error').length);
      const documents = effective.map(({ name, values }) => ({
        name,
        values: flags.defaults ? values : values.filter(({ source }) => source.type !== 'default'),
      }));
      process.stdout.write(
        flags.format === 'json' ? `${JSON.stringify({ documents }, null, 2)}\n` : renderEffective(documents, styleOf(process.stdout)),
      );
    });
