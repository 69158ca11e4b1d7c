/** Pipelines written as a configuration would have them, with what goes in and out of the process as text. */
import { PassThrough, Readable } from 'node:stream';
import { compileConfig, hasErrors } from '@sluice/config';
import { type Clock, type Logger, silentLogger, systemClock } from '@sluice/core';
import { runPipeline } from '../run-pipeline.ts';

interface RigOptions {
  readonly stdin?: string | Readable;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly stop?: AbortSignal;
  /** With settings of Sluice. */
  readonly env?: Readonly<Record<string, string>>;
  readonly shutdownTimeoutMs?: number;
  /** Told of all that was written so far. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a Benthos file until it ends; answers what it wrote to standard output. */
export async function runText(text: string, options: RigOptions = {}): Promise<string> {
  const { env = {} } = options;
  const { config, problems } = compileConfig([{ name: 'c.yaml', text }], { env });
  if (hasErrors(problems)) throw new Error(problems.map(({ message }) => message).join('\n'));
  const {
    stdin = '',
    clock = systemClock,
    logger = silentLogger,
    stop = new AbortController().signal,
    shutdownTimeoutMs = 100_000,
  } = options;
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    options.onOutput?.(Buffer.concat(chunks).toString());
  });
  await runPipeline(config.pipelines[0]!, {
    settings: config.settings,
    ...{ clock, logger, stop, shutdownTimeoutMs, stdout },
    stdin: typeof stdin === 'string' ? Readable.from([Buffer.from(stdin)]) : stdin,
  });
  return Buffer.concat(chunks).toString();
}
