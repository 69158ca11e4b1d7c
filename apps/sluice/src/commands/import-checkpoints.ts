import type { ConfigFlags } from '@sluice/worker';
import { Command, Option } from 'commander';
import { chooseIngress, chooseStreams } from '../import-checkpoints/choose-ingress.ts';
import { ImportUsageError } from '../import-checkpoints/errors.ts';
import { planStreams } from '../import-checkpoints/plan-streams.ts';
import { readSource, SOURCES, type SourceKind } from '../import-checkpoints/read-source.ts';
import { change } from '../operator/change.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

interface ImportFlags extends ConfigFlags {
  readonly from: SourceKind;
  readonly ingress?: string;
  readonly stream?: string;
  readonly atTimestamp?: string;
  readonly dynamodbRegion?: string;
  readonly dynamodbEndpoint?: string;
  readonly replace?: true;
  readonly apply?: true;
  readonly timeout: number;
}

/** `sluice import-checkpoints`: go on where another application stopped. */
export const importCheckpointsCommand = (): Command =>
  addOperatorFlags(new Command('import-checkpoints'))
    .description('Go on where another application stopped: set the checkpoints of an ingress from what that application kept.')
    .argument('<name>', 'the DynamoDB table of the application; for flink the path of a listing')
    .addOption(new Option('--from <kind>', 'what the application was').choices(SOURCES).makeOptionMandatory())
    .option('--ingress <id>', 'the ingress that goes on; may be left out where the configuration has one')
    .option('--stream <name>', 'only this stream of the ingress')
    .option(
      '--at-timestamp <time>',
      'when the application began, where it was configured with a time and has handled nothing yet (ISO 8601)',
    )
    .option('--dynamodb-region <region>', 'of the table; as the ingress has it where absent')
    .option('--dynamodb-endpoint <url>', 'of the table; AWS_ENDPOINT_URL_DYNAMODB, or that of the service, where absent')
    .option('--replace', 'change checkpoints that are there already')
    .option('--apply', 'set the checkpoints; without it only the plan is shown')
    .option('--timeout <seconds>', 'how long lanes may take to let go of the shards, with --replace', wholeNumber(1), 60)
    .addHelpText(
      'after',
      `
The configuration names the ingress, its streams and how they are reached. Stop the other application first, and start the ingress-workers
afterwards: what the application handles in between is read again.

Examples:
  sluice import-checkpoints --from kcl totals -c module.yaml
  sluice import-checkpoints --from kcl totals -c module.yaml --apply
  sluice import-checkpoints --from flink listing.csv -c module.yaml --ingress com.example/orders --apply`,
    )
    .action(async (name: string, flags: ImportFlags) => {
      const { from: kind, replace = false, timeout } = flags;
      const startedAtMs = timeOf(flags.atTimestamp);
      await using operator = await openOperator(flags, process.env, process.stderr);
      const ingress = chooseIngress(operator.config, flags.ingress);
      const place = { region: flags.dynamodbRegion, endpoint: flags.dynamodbEndpoint };
      const found = await readSource({ kind, name, ...place }, ingress, process.env);
      const streams = await planStreams({
        ...{ ingress, found, startedAtMs, env: process.env },
        streams: chooseStreams(ingress, flags.stream),
        removesFinished: kind === 'benthos',
        tell: (line) => process.stderr.write(`${line}\n`),
      });
      const source = kind === 'flink' ? `the listing ${name}` : `table ${name} (${kind})`;
      const input = { ingress: ingress.id, source, streams, replace, timeoutMs: timeout * 1_000 };
      await change(operator, 'checkpoints.import', input, { yes: true, ...(!flags.apply && { dryRun: true }) });
    });

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeMs = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) throw new ImportUsageError(`expected a time such as 2026-01-31T12:00:00Z as --at-timestamp, found ${text}`);
  return timeMs;
}
