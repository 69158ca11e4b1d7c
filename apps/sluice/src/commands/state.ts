import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { NotConfirmedError, OperatorInputError } from '../operator/errors.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { StateDesk } from '../operator/state-desk.ts';
import { addressAsJson, renderAddresses, renderValues } from '../operator/state-text.ts';
import { importLines } from '../state/import-lines.ts';
import { formatStateLine } from '../state/state-line.ts';
import { valueOfText } from '../state/value-text.ts';
import { confirm } from '../terminal/confirm.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { plural } from '../terminal/quantities.ts';

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
    new Command('set')
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
      text: string,
      flags: ConfigFlags & { readonly typename?: string; readonly base64?: true },
    ) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const desk = new StateDesk(operator);
      const typename = flags.typename ?? (await desk.get(type, id)).find((value) => value.name === name)?.typename;
      if (typename === undefined) throw new OperatorInputError(`expected --typename, since ${type} ${id} has no ${name} yet`);
      await desk.put([{ type, id, name, typename, value: valueOfText(typename, text, flags.base64 ?? false) }]);
      process.stdout.write(`${name} of ${type} ${id} is set\n`);
    },
  );

const deleteCommand = (): Command =>
  addOperatorFlags(
    new Command('delete')
      .description('Delete values of an address.')
      .argument(...TYPE)
      .argument(...ID)
      .argument('[names...]', 'names of states')
      .option('--all', 'every value of the address')
      .option('-y, --yes', 'do not ask for confirmation'),
  ).action(
    async (type: string, id: string, names: readonly string[], flags: ConfigFlags & { readonly all?: true; readonly yes?: true }) => {
      if ((flags.all ?? false) === names.length > 0) throw new OperatorInputError('expected the names of states, or --all');
      await using operator = await openOperator(flags, process.env, process.stderr);
      const desk = new StateDesk(operator);
      const chosen = (await desk.get(type, id)).map(({ name }) => name).filter((name) => flags.all || names.includes(name));
      if (chosen.length > 0 && !flags.yes) {
        const answer = await confirm(`delete ${plural(chosen.length, 'value')} of ${type} ${id}?`, {
          input: process.stdin,
          output: process.stderr,
        });
        if (!answer) throw new NotConfirmedError(answer !== undefined);
      }
      const deleted = await desk.delete(type, id, chosen);
      process.stdout.write(`${plural(deleted, 'value')} deleted\n`);
    },
  );

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
    const desk = new StateDesk(operator);
    const input = flags.file === undefined ? process.stdin : createReadStream(flags.file);
    const store = flags.dryRun ? async () => undefined : (values: Parameters<StateDesk['put']>[0]) => desk.put(values);
    const stored = await importLines(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), store);
    process.stdout.write(`${plural(stored, 'value')} ${flags.dryRun ? 'could be stored' : 'stored'}\n`);
  });
