import { createLogger } from '@sluice/telemetry';
import { Command, InvalidArgumentError } from 'commander';
import { up } from '../up/up.ts';

interface UpFlags {
  readonly records?: number;
  readonly file?: string;
  readonly key?: string;
  readonly rate?: number;
  readonly exit?: true;
  readonly shards: number;
  readonly boardPort: number;
}

/** Well below what the pipeline carries in strict order on a small machine, so that Ctrl-C has little to drain. */
const EASY_RATE = 2_000;

/** `sluice up`: the whole pipeline on this machine, fed with real data. */
export const upCommand = (): Command =>
  new Command('up')
    .description('Start Redis, a local Kinesis, both workers and the board, feed real data through them and check what comes out.')
    .option('--records <count>', 'feed so many records, then drain', wholeNumber(0))
    .option('--file <path>', 'feed the lines of a file instead of the flights that come along')
    .option('--key <field>', 'with --file: the field of each JSON line that is its partition key')
    .option(
      '--rate <count>',
      'feed so many records a second at most; without it, 2,000, or as many as the stream takes where --records is given',
      wholeNumber(1),
    )
    .option('--exit', 'stop once everything has arrived; exit code 0 only if nothing is lost or out of order')
    .option('--shards <count>', 'shards of the source and of the output stream', wholeNumber(1), 4)
    .option('--board-port <port>', 'where Bull Board is served', wholeNumber(0), 3000)
    .action(async (flags: UpFlags) => {
      const interrupted = new AbortController();
      const interrupt = () => {
        if (interrupted.signal.aborted) process.exit(130);
        process.stdout.write('\nstopping: no more is fed, what is under way is drained; Ctrl-C again to stop at once\n');
        interrupted.abort();
      };
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      const isDelivered = await up({
        ...flags,
        rate: flags.rate ?? (flags.records === undefined ? EASY_RATE : Number.POSITIVE_INFINITY),
        exit: flags.exit ?? false,
        logger: createLogger({ level: 'warn' }),
        signal: interrupted.signal,
      });
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      process.exitCode = isDelivered ? 0 : 1;
    });

const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
  return value;
};
