import { type JobOfLane, readJobs } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { bytesText, countText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

/** `sluice jobs`: the batches in a lane. */
export const jobsCommand = (): Command =>
  new Command('jobs')
    .description('List the jobs of a lane, or drop one that cannot be read and holds its lane up.')
    .addCommand(listCommand())
    .addCommand(dropCommand());

const listCommand = (): Command =>
  addOperatorFlags(new Command('list'))
    .description('Show the first jobs of a lane, or of each lane of a target, in the order in which they leave it.')
    .argument('<target>', 'an egress id, the label of an output, or a function type')
    .argument('[lane]', 'only this lane', wholeNumber(0))
    .option('--limit <count>', 'how many to show of each lane', wholeNumber(0), 20)
    .addOption(formatOption())
    .action(
      async (target: string, lane: number | undefined, flags: ConfigFlags & { readonly limit: number; readonly format: OutputFormat }) => {
        await using operator = await openOperator(flags, process.env, process.stderr);
        const jobs = await readJobs(operator, target, { lane, count: flags.limit });
        if (flags.format === 'json') process.stdout.write(`${JSON.stringify({ target, jobs }, null, 2)}\n`);
        else process.stdout.write(jobs.length === 0 ? 'no jobs\n' : renderTable(COLUMNS, jobs));
      },
    );

const dropCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('drop')))
    .description('Drop a job whose payload is missing or cannot be read. Shows which records are lost, and how to read them again.')
    .argument('<target>', 'an egress id, the label of an output, or a function type')
    .argument('<lane>', 'the number of the lane', wholeNumber(0))
    .argument('<job>', 'the id of the job, as `list` shows it')
    .action(async (target: string, lane: number, job: string, flags: ConfigFlags & ChangeFlags) => {
      await connectAndChange(flags, 'jobs.drop', { target, lane, job });
    });

const COLUMNS: readonly Column<JobOfLane>[] = [
  { title: 'lane', value: ({ lane }) => String(lane), align: 'right' },
  { title: 'job', value: ({ id }) => id, align: 'right' },
  { title: 'state', value: stateText },
  { title: 'records', value: ({ data }) => (data ? countText(data.records) : '?'), align: 'right' },
  { title: 'bytes', value: ({ data }) => (data ? bytesText(data.bytes) : '?'), align: 'right' },
  { title: 'tries', value: ({ data }) => (data ? countText(data.attempts) : '?'), align: 'right' },
  { title: 'from', value: ({ data }) => data?.source?.shard ?? '' },
  { title: 'last reason', value: ({ data }) => shorten(data?.lastReason ?? '', 30) },
];

function stateText({ state, data, hasPayload }: JobOfLane): string {
  if (!data) return 'unreadable';
  if (!hasPayload) return 'no payload';
  return state === 'active' ? 'in hand' : 'waits';
}
