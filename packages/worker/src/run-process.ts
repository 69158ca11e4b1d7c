import { toErrorReport } from '@sluice/core';

/**
 * Runs a process from start to end. SIGTERM and SIGINT abort the signal, so that `main` can drain; a second one ends at once.
 * An error is one line on standard error, and the exit code is 1.
 */
export async function runProcess(name: string, main: (signal: AbortSignal) => Promise<void>): Promise<never> {
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort(new Error('asked to stop'));
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    await main(stopping.signal);
    process.exit(0);
  } catch (error) {
    if (stopping.signal.aborted && error === stopping.signal.reason) process.exit(0);
    process.stderr.write(`${name}: ${oneLine(error)}\n`);
    process.exit(1);
  }
}

function oneLine(error: unknown): string {
  const { code, message } = toErrorReport(error);
  return `${message.replaceAll(/\s*\n\s*/g, ' ')} (${code})`;
}
