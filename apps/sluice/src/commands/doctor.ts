import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { examineRedis } from '../doctor/examine-redis.ts';
import { examineStreams } from '../doctor/examine-streams.ts';
import { renderFindings } from '../doctor/finding.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';

/** `sluice doctor`: what would keep workers from running, or lose records. */
export const doctorCommand = (): Command =>
  addOperatorFlags(
    new Command('doctor').description(
      'Check Redis, clocks, permissions and streams, and say what to do. Changes nothing; exit code 1 if something is wrong.',
    ),
  )
    .addOption(formatOption())
    .action(async (flags: ConfigFlags & { readonly format: OutputFormat }) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const findings = [...(await examineRedis(operator)), ...(await examineStreams(operator.config, process.env))];
      if (flags.format === 'json') process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
      else process.stdout.write(renderFindings(findings));
      if (!operator.isConfigured)
        process.stderr.write('only Redis was checked: name a configuration with --config to check its streams too\n');
      if (findings.some(({ outcome }) => outcome === 'problem')) process.exitCode = 1;
    });
