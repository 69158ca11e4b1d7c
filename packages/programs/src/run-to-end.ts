import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Clock } from '@sluice/core';
import type { ProgramCall, ProgramOutcome } from '@sluice/processors';
import { type Children, endText, kill, startProblem } from './child.ts';

/** What is kept of the standard error of a program. */
const ERROR_BYTES = 65_536;

interface RunOptions {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly clock: Clock;
  readonly children: Children;
  readonly signal: AbortSignal;
}

/** Runs a program to its end. Rejects with the reason of the signal, once the program has ended. */
export async function runToEnd({ name, args, input }: ProgramCall, options: RunOptions): Promise<ProgramOutcome> {
  const { children, signal } = options;
  signal.throwIfAborted();
  let child: ChildProcessWithoutNullStreams;
  try {
    child = children.start(name, args);
  } catch (error) {
    return { problem: `execution error: ${startProblem(name, error as NodeJS.ErrnoException)}` };
  }
  const outcome = await ended(child, name, input, options);
  signal.throwIfAborted();
  return outcome;
}

function ended(
  child: ChildProcessWithoutNullStreams,
  name: string,
  input: Uint8Array,
  { timeoutMs, maxOutputBytes, clock, signal }: RunOptions,
): Promise<ProgramOutcome> {
  const output = new Kept(maxOutputBytes);
  const errors = new Kept(ERROR_BYTES);
  let problem: string | undefined;
  const giveUp = (reason: string): void => {
    problem ??= reason;
    kill(child);
  };
  const onAbort = () => kill(child);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = clock.setTimeout(() => giveUp(`expected an end within ${timeoutMs} ms, found it running`), timeoutMs);
  child.stdout.on('data', (chunk: Buffer) => {
    if (!output.add(chunk)) giveUp(`expected at most ${maxOutputBytes} bytes of output, found more`);
  });
  child.stderr.on('data', (chunk: Buffer) => void errors.add(chunk));
  child.stdin.end(input);
  return new Promise((resolve) => {
    const settle = (outcome: ProgramOutcome): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    child.once('error', (error) => settle({ problem: `execution error: ${startProblem(name, error)}` }));
    child.once('close', (code, killed) => {
      const errorOutput = errors.bytes().toString();
      if (code === 0 && problem === undefined) settle({ output: output.bytes(), errorOutput });
      else settle({ problem: `execution error: ${problem ?? endText(code, killed)}: ${errorOutput}` });
    });
  });
}

/** Bytes up to a limit. */
class Kept {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Answers whether all of it was kept. */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#size;
    const kept = chunk.subarray(0, room);
    if (kept.length > 0) this.#chunks.push(kept);
    this.#size += kept.length;
    return chunk.length <= room;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
