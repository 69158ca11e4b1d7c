import { Argument, Command, Option } from 'commander';
import { type Dialect, dialects } from '../create/dialect.ts';

/** `sluice create`: a configuration to begin with. */
export const createCommand = (): Command =>
  new Command('create')
    .description('Print a commented configuration to start from.')
    .addArgument(
      new Argument('[language]', "language of the configuration; `sluice` stands for Sluice's own settings")
        .choices(dialects)
        .default('benthos'),
    )
    .addOption(new Option('-s, --small', 'only the required fields (default)').conflicts('full'))
    .option('--full', 'every field with its default')
    .addHelpText(
      'after',
      `
Examples:
  sluice create > benthos.yaml
  sluice create module --full > module.yaml
  sluice create sluice --full > sluice.yaml`,
    )
    .action(async (language: Dialect, { full }: { readonly full?: true }) => {
      const { createConfig } = await import('../create/create-config.ts');
      process.stdout.write(createConfig(language, full ?? false));
    });
