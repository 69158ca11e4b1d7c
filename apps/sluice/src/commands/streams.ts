import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { addOperatorFlags } from '../operator/open-operator.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

/** `sluice streams`: the streams that ingresses read. */
export const streamsCommand = (): Command =>
  new Command('streams').description('Forget a stream that was deleted, or replaced by another of its name.').addCommand(forgetCommand());

const forgetCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('forget')))
    .description('Forget the shards and checkpoints of a stream: it is read from the start position of its ingress again.')
    .argument('<ingress>', 'the id of the ingress, as `sluice shards` shows it before the stream')
    .argument('<stream>', 'the stream, as it is configured')
    .option('--timeout <seconds>', 'how long workers and lanes may take to let go of the shards', wholeNumber(1), 60)
    .action(async (ingress: string, stream: string, flags: ConfigFlags & ChangeFlags & { readonly timeout: number }) => {
      await connectAndChange(flags, 'streams.forget', { ingress, stream, timeoutMs: flags.timeout * 1_000 });
    });
