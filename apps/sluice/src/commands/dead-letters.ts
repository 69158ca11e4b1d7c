import { systemClock } from '@sluice/core';
import { DeadLetterDesk, importedText, importLetters } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, type ChangeFlags, change, connectAndChange } from '../operator/change.ts';
import { deadLetterAsJson, payloadText, renderDeadLetter, renderDeadLetters } from '../operator/dead-letter-text.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { linesOf } from '../terminal/lines-of.ts';
import { widthFor } from '../terminal/table.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

interface DeadLetterFlags extends ConfigFlags {
  readonly target?: string;
}

/** `sluice dead-letters`: records that could never succeed. */
export const deadLettersCommand = (): Command =>
  new Command('dead-letters')
    .description('List the records that could not be delivered, send them again, remove them, or bring back those that were sent on.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(changeCommand('redrive', 'Send dead letters again. They arrive after newer records of their keys.'))
    .addCommand(changeCommand('remove', 'Remove dead letters and their records. This cannot be undone.'))
    .addCommand(importCommand());

const deadLetterCommand = (name: string, description: string): Command =>
  addOperatorFlags(new Command(name).description(description).option('-t, --target <target>', 'only those of this target'));

const listCommand = (): Command =>
  deadLetterCommand('list', 'Show the newest dead letters of each target.')
    .option('--limit <count>', 'how many to show of each target', wholeNumber(0), 20)
    .option('--offset <count>', 'skip this many of the newest', wholeNumber(0), 0)
    .addOption(formatOption())
    .action(async (flags: DeadLetterFlags & { readonly limit: number; readonly offset: number; readonly format: OutputFormat }) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const desk = new DeadLetterDesk(operator.session, operator.keyPrefix);
      const targets = await Promise.all(
        (await desk.targets(flags.target)).map(async ({ target }) => ({
          target,
          count: await desk.count(target),
          deadLetters: flags.limit === 0 ? [] : await desk.list(target, flags.offset, flags.limit),
        })),
      );
      const some = targets.filter(({ count }) => count > 0);
      if (flags.format === 'json') process.stdout.write(`${JSON.stringify({ targets }, null, 2)}\n`);
      else if (some.length === 0) process.stdout.write('no dead letters\n');
      else {
        const width = widthFor(process.stdout);
        process.stdout.write(some.map((one) => renderDeadLetters(one, systemClock.now(), width)).join('\n'));
      }
    });

const showCommand = (): Command =>
  deadLetterCommand('show', 'Show why a record could not be delivered, and where it came from.')
    .argument('<id>', 'as `list` shows it; put -- before one that starts with -')
    .option('--payload', 'show the data of the record too, as text, or in base64 where it is no text')
    .addOption(formatOption())
    .action(async (id: string, flags: DeadLetterFlags & { readonly payload?: true; readonly format: OutputFormat }) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const letter = await new DeadLetterDesk(operator.session, operator.keyPrefix).find(id, flags.target);
      if (flags.format === 'json') {
        process.stdout.write(`${JSON.stringify(deadLetterAsJson(letter, flags.payload ?? false), null, 2)}\n`);
        return;
      }
      process.stdout.write(renderDeadLetter(letter));
      if (flags.payload) process.stdout.write(`\n${payloadText(letter.record.data)}\n`);
    });

const changeCommand = (name: 'redrive' | 'remove', description: string): Command =>
  addChangeFlags(deadLetterCommand(name, description))
    .argument('[ids...]', 'as `list` shows them; put -- before those that start with -')
    .option('--all', 'all dead letters of the target, or of all targets')
    .action(async (ids: readonly string[], flags: DeadLetterFlags & ChangeFlags & { readonly all?: true }) => {
      await connectAndChange(flags, `dead_letters.${name}`, { ids, target: flags.target, all: flags.all });
    });

interface ImportFlags extends DeadLetterFlags {
  readonly file?: string;
  readonly dryRun?: true;
  readonly skipBroken?: boolean;
}

const importCommand = (): Command =>
  deadLetterCommand(
    'import',
    'Send dead letters again that were sent on: lines of JSON, as a file or S3 object of `sluice.dead_letters.output` holds them.',
  )
    .option('--file <path>', 'read this file instead of standard input')
    .option('--skip-broken', 'pass over lines that are no dead letters')
    .option('--dry-run', 'check the lines and send nothing')
    .action(async ({ file, target, skipBroken = false, dryRun, ...flags }: ImportFlags) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const lines = linesOf(file);
      if (!dryRun) return await change(operator, 'dead_letters.import', { lines, target, skip_broken: skipBroken }, { yes: true });
      const desk = new DeadLetterDesk(operator.session, operator.keyPrefix);
      const imported = await importLetters(lines, { target, skipsBroken: skipBroken }, (letters) => desk.check(letters));
      process.stdout.write(`${importedText(imported, 'could be sent again')}\n`);
    });
