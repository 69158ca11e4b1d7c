/**
 * The emulator as a process of its own. One line on standard output tells that it is ready and where; the log goes to
 * standard error. With `--tell-requests` a line on standard output follows for each request.
 * SIGTERM and SIGINT end it, SIGUSR2 takes the endpoint away and brings it back.
 */
import { SluiceError } from '@sluice/core';
import { parseCommandLine, USAGE } from './command-line.ts';
import { type KinesisEmulator, startKinesisEmulator } from './emulator.ts';
import { jsonLogger } from './json-logger.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

const logger = jsonLogger((line) => process.stderr.write(line));

function togglePause(emulator: KinesisEmulator): () => void {
  let isPaused = false;
  return () => {
    isPaused = !isPaused;
    logger.info(isPaused ? 'endpoint goes away' : 'endpoint comes back', { endpoint: emulator.endpoint });
    const change = isPaused ? emulator.pause() : emulator.resume();
    change.catch((error: unknown) => logger.error('endpoint did not change', { error: String(error) }));
  };
}

async function run(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2), (observation) => process.stdout.write(`${JSON.stringify(observation)}\n`));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const emulator = await startKinesisEmulator({ ...options, logger });
  if (options.faults) logger.info('faults are on', { seed: emulator.faults.seed });
  process.on('SIGUSR2', togglePause(emulator));
  // While the endpoint is away nothing else keeps the process from ending.
  setInterval(() => undefined, LONGEST_TIMER_MS);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  process.stdout.write(`kinesis emulator ready at ${emulator.endpoint}\n`);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SluiceError ? error.message : String((error as Error)?.stack ?? error)}\n`);
  process.exitCode = 1;
});
