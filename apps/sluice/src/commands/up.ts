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
  readonly functions?: true;
  readonly greeter?: string;
  readonly shards: number;
  readonly boardPort: number;
}

/** Enough to see something, and little to drain at Ctrl-C. */
const EASY_RATE = 2_000;
/** Visitors a second, so that the greetings can be read. */
const TOUR_RATE = 4;

/** `sluice up`: the whole pipeline on this machine, fed with real data. */
export const upCommand = (): Command =>
  new Command('up')
    .description('Start Redis, a local Kinesis, the workers and the board, feed real data through them and check what comes out.')
    .option('--functions', 'a greeter, called for each visitor, in place of flights: the tour of remote functions')
    .option('--greeter <url>', 'with --functions: a greeter that runs already, such as examples/functions/greeter.py')
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
        const { up, upFunctions } = await loadUp();
        const isDelivered = await (flags.functions ? upFunctions : up)({
          ...flags,
          rate: flags.rate ?? rateFor(flags),
          exit: flags.exit ?? false,
          chaos: flags.chaos ?? false,
          logger: createLogger({ level: 'warn', facts: { app: 'sluice' } }),
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

function rateFor({ functions, records, file }: UpFlags): number {
  if (functions) return TOUR_RATE;
  return records === undefined && file === undefined ? EASY_RATE : Number.POSITIVE_INFINITY;
}

/** What it stands on is development's and no part of an installation for production. */
const loadUp = async () => {
  try {
    const [{ up }, { upFunctions }] = await Promise.all([import('../up/up.ts'), import('../up/functions/up-functions.ts')]);
    return { up, upFunctions };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') throw new DevelopmentOnlyError(error);
    throw error;
  }
};
