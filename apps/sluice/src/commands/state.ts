import { plural } from '@sluice/core';
import { formatStateLine, importLines, StateDesk } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, addDryRunFlag, type ChangeFlags, change, connectAndChange } from '../operator/change.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { addressAsJson, renderAddresses, renderValues } from '../operator/state-text.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { linesOf } from '../terminal/lines-of.ts';

/** `sluice state`: what functions remember. */
export const stateCommand = (): Command =>
  new Command('state')
    .description('Look into the state of functions, change it, take it elsewhere or bring it along.')
    .addCommand(getCommand())
    .addCommand(listCommand())
    .addCommand(setCommand())
    .addCommand(deleteCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand());

const TYPE = ['<type>', 'the function type, namespace/name'] as const;
const ID = ['<id>', 'the id; put -- before one that starts with -'] as const;

const getCommand = (): Command =>
  addOperatorFlags(
    new Command('get')
      .description('Show the state of an address.')
      .argument(...TYPE)
      .argument(...ID)
      .addOption(formatOption()),
  ).action(async (type: string, id: string, flags: ConfigFlags & { readonly format: OutputFormat }) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const values = await new StateDesk(operator).get(type, id);
    if (flags.format === 'json') process.stdout.write(`${JSON.stringify(addressAsJson(type, id, values), null, 2)}\n`);
    else process.stdout.write(values.length === 0 ? `no state of ${type} ${id}\n` : renderValues(values));
  });

const listCommand = (): Command =>
  addOperatorFlags(
    new Command('list')
      .description('Show the addresses of a function type that have state, in no order.')
      .argument(...TYPE)
      .option('--limit <count>', 'show so many at most', Number, 100)
      .addOption(formatOption()),
  ).action(async (type: string, flags: ConfigFlags & { readonly limit: number; readonly format: OutputFormat }) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const { addresses, isAll } = await new StateDesk(operator).list(type, flags.limit);
    if (flags.format === 'json') process.stdout.write(`${JSON.stringify({ type, addresses, complete: isAll }, null, 2)}\n`);
    else if (addresses.length === 0) process.stdout.write(`no address of ${type} has state\n`);
    else process.stdout.write(`${renderAddresses(addresses)}${isAll ? '' : 'and more: raise --limit\n'}`);
  });

const setCommand = (): Command =>
  addOperatorFlags(
    addDryRunFlag(new Command('set'))
      .description(
        'Store a value: JSON for a built-in type other than string, the text itself for a string and any other type. It does not expire until the function writes it.',
      )
      .argument(...TYPE)
      .argument(...ID)
      .argument('<name>', 'the name of the state')
      .argument('<value>', 'put -- before the arguments where one starts with -')
      .option('--typename <typename>', 'of the value; the one that is stored where absent')
      .option('--base64', 'the value is the base64 of its bytes'),
  ).action(
    async (
      type: string,
      id: string,
      name: string,
      value: string,
      flags: ConfigFlags & ChangeFlags & { readonly typename?: string; readonly base64?: true },
    ) => {
      const { typename, base64 } = flags;
      await connectAndChange({ ...flags, yes: true }, 'state.set', { type, id, name, value, typename, base64 });
    },
  );

const deleteCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('delete')))
    .description('Delete values of an address.')
    .argument(...TYPE)
    .argument(...ID)
    .argument('[names...]', 'names of states')
    .option('--all', 'every value of the address')
    .action(async (type: string, id: string, names: readonly string[], flags: ConfigFlags & ChangeFlags & { readonly all?: true }) => {
      await connectAndChange(flags, 'state.delete', { type, id, names, all: flags.all });
    });

const exportCommand = (): Command =>
  addOperatorFlags(
    new Command('export')
      .description('Write state as lines of JSON, a value a line.')
      .argument('[type]', 'only this function type')
      .option('--base64', 'write every value as the base64 of its bytes'),
  ).action(async (type: string | undefined, flags: ConfigFlags & { readonly base64?: true }) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    for await (const values of new StateDesk(operator).all(type)) {
      const lines = values.map((value) => `${formatStateLine(value, flags.base64 ?? false)}\n`).join('');
      // A slow reader must not make this process hold the whole state.
      if (!process.stdout.write(lines)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
  });

const importCommand = (): Command =>
  addOperatorFlags(
    new Command('import')
      .description('Store the values of lines of JSON, as `export` writes them. Values that are there already are replaced.')
      .option('--file <path>', 'read this file instead of standard input')
      .option('--dry-run', 'check the lines and store nothing'),
  ).action(async (flags: ConfigFlags & { readonly file?: string; readonly dryRun?: true }) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const lines = linesOf(flags.file);
    const lanes = operator.isConfigured ? operator.config.settings.lanes : undefined;
    if (!flags.dryRun) return await change(operator, 'state.import', { lines, lanes }, { yes: true });
    const values = await importLines(lines, async () => undefined);
    process.stdout.write(`${plural(values, 'value')} could be stored\n`);
  });
