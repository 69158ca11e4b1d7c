export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where log lines go. `message` is a constant sentence in lower case; what varies is in `facts`, never a payload or a secret. */
export interface Logger {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
  child(facts: Readonly<Record<string, unknown>>): Logger;
}

/** Says nothing; for tests and for embedding. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
