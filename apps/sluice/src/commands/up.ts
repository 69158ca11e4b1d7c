import { createLogger } from '@sluice/telemetry';
import { Command } from 'commander';
import { wholeNumber } from '../terminal/whole-number.ts';
import { DevelopmentOnlyError } from '../up/development-only-error.ts';

interface UpFlags {
  readonly records?: number;
  readonly file?: string;
  readonly key?: string;
  readonly rate?: number;
  readonly exit?: true;
  readonly chaos?: true;
  readonly shards: number;
  readonly boardPort: number;
}

/** Enough to see something, and little to drain at Ctrl-C. */
const EASY_RATE = 2_000;

/** `sluice up`: the whole pipeline on this machine, fed with real data. */
export const upCommand = (): Command =>
  new Command('up')
    .description('Start Redis, a local Kinesis, both workers and the board, feed real data through them and check what comes out.')
    .option('--records <count>', 'feed this many records, then drain', wholeNumber(0))
    .option('--file <path>', 'feed the lines of a file, once, instead of flights')
    .option('--key <field>', 'with --file: the field of each JSON line that is its partition key')
    .option(
      '--rate <count>',
      'feed at most this many records a second (default: 2,000; with --records or --file as many as the pipeline takes)',
      wholeNumber(1),
    )
    .option('--exit', 'stop once everything has arrived; exit code 0 only if nothing is lost or out of order')
    .option('--chaos', 'have Kinesis fail now and then, in every way it can')
    .option('--shards <count>', 'shards of the source and of the output stream', wholeNumber(1), 4)
    .option('--board-port <port>', 'where Bull Board is served', wholeNumber(0), 3000)
    .action(async (flags: UpFlags) => {
      const interrupted = new AbortController();
      const interrupt = () => {
        if (interrupted.signal.aborted) process.exit(130);
        process.stdout.write('\nStopping: the feed ends, what is under way is drained and checked. Ctrl-C again stops at once.\n\n');
        interrupted.abort();
      };
      process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
      try {
        const { up } = await loadUp();
        const isDelivered = await up({
          ...flags,
          rate: flags.rate ?? (flags.records === undefined && flags.file === undefined ? EASY_RATE : Number.POSITIVE_INFINITY),
          exit: flags.exit ?? false,
          chaos: flags.chaos ?? false,
          logger: createLogger({ level: 'warn' }),
          signal: interrupted.signal,
        });
        process.exitCode = isDelivered ? 0 : 1;
      } catch (error) {
        if (!interrupted.signal.aborted || error !== interrupted.signal.reason) throw error;
        process.exitCode = 130;
      } finally {
        process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      }
    });

/** What it stands on is development's and no part of an installation for production. */
const loadUp = () =>
  import('../up/up.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') throw new DevelopmentOnlyError(error);
    throw error;
  });
