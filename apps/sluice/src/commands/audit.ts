import { readAudit } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { renderTable } from '../terminal/table.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

/** `sluice audit`: what operators did. */
export const auditCommand = (): Command =>
  addOperatorFlags(new Command('audit').description('Show what operators changed: when, who, what.'))
    .option('--limit <count>', 'how many to show, newest first', wholeNumber(0), 50)
    .addOption(formatOption())
    .action(async (flags: ConfigFlags & { readonly limit: number; readonly format: OutputFormat }) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const entries = await readAudit(operator, flags.limit);
      if (flags.format === 'json') process.stdout.write(`${JSON.stringify({ entries }, null, 2)}\n`);
      else if (entries.length === 0) process.stdout.write('no operator has changed anything yet\n');
      else
        process.stdout.write(
          renderTable(
            [
              { title: 'at', value: ({ at }) => at },
              { title: 'by', value: ({ by }) => by },
              { title: 'action', value: ({ action }) => action },
              { title: 'subject', value: ({ subject }) => subject },
              { title: 'facts', value: ({ facts }) => JSON.stringify(facts) },
            ],
            entries,
          ),
        );
    });
