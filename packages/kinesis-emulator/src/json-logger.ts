import type { Logger, LogLevel } from '@sluice/core';

/** One JSON object a line, for the standalone process. */
export function jsonLogger(write: (line: string) => void, bound: Readonly<Record<string, unknown>> = {}): Logger {
  const log =
    (level: LogLevel) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level, ...bound, ...facts, message })}\n`);
  return {
    debug: () => undefined,
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: (facts) => jsonLogger(write, { ...bound, ...facts }),
  };
}
