import { systemClock } from '@sluice/core';
import { FunctionsDesk } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, addDryRunFlag, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { mailboxAsJson, renderMailbox, renderMailboxes } from '../operator/functions-text.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { widthFor } from '../terminal/table.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

/** `sluice functions`: the addresses of functions that are parked. */
export const functionsCommand = (): Command =>
  new Command('functions')
    .description('List the addresses of functions that are parked, try one again, or skip the message that fails.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(retryCommand())
    .addCommand(skipCommand());

const TYPE = ['<type>', 'the function type, namespace/name'] as const;
const ID = 'the id; put -- before one that starts with -';

const listCommand = (): Command =>
  addOperatorFlags(
    new Command('list')
      .description('Show the addresses whose messages wait outside their lane: the parked ones, then those with a long backlog.')
      .option('-t, --type <type>', 'only this function type, namespace/name')
      .option('--limit <count>', 'show so many at most', wholeNumber(0), 100)
      .addOption(formatOption()),
  ).action(async (flags: ConfigFlags & { readonly type?: string; readonly limit: number; readonly format: OutputFormat }) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const all = await new FunctionsDesk(operator.session, operator.keyPrefix).list(flags.type);
    const shown = all.slice(0, flags.limit);
    if (flags.format === 'json') {
      process.stdout.write(`${JSON.stringify({ count: all.length, addresses: shown }, null, 2)}\n`);
      return;
    }
    process.stdout.write(renderMailboxes(all, shown, systemClock.now(), widthFor(process.stdout)));
  });

const showCommand = (): Command =>
  addOperatorFlags(
    new Command('show')
      .description('Show why an address is parked, since when, and what waits.')
      .argument(...TYPE)
      .argument('<id>', ID)
      .option('--payload', 'show the arguments of its messages too, as text, or in base64 where they are no text')
      .addOption(formatOption()),
  ).action(async (type: string, id: string, flags: ConfigFlags & { readonly payload?: true; readonly format: OutputFormat }) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const mailbox = await new FunctionsDesk(operator.session, operator.keyPrefix).find(type, id);
    const withPayload = flags.payload ?? false;
    if (flags.format === 'json') process.stdout.write(`${JSON.stringify(mailboxAsJson(mailbox, withPayload), null, 2)}\n`);
    else process.stdout.write(renderMailbox(mailbox, withPayload, systemClock.now()));
  });

const retryCommand = (): Command =>
  addDryRunFlag(addOperatorFlags(new Command('retry')))
    .description('Try a parked address again now.')
    .argument(...TYPE)
    .argument('[id]', ID)
    .option('--all', 'every parked address of the function type')
    .action(async (type: string, id: string | undefined, flags: ConfigFlags & ChangeFlags & { readonly all?: true }) => {
      await connectAndChange({ ...flags, yes: true }, 'functions.retry', { type, id, all: flags.all });
    });

const skipCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('skip')))
    .description('Make the first message that waits for a parked address a dead letter, and try the next.')
    .argument(...TYPE)
    .argument('[id]', ID)
    .option('--all', 'of every parked address of the function type; asks first')
    .action(async (type: string, id: string | undefined, flags: ConfigFlags & ChangeFlags & { readonly all?: true }) => {
      const yes = flags.yes ?? !flags.all;
      await connectAndChange({ ...flags, yes }, 'functions.skip', { type, id, all: flags.all });
    });
