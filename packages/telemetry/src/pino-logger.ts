import type { Logger, LogLevel } from '@sluice/core';
import { type DestinationStream, destination, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { readableLines } from './readable-lines.ts';

/** `auto`: readable lines where standard error is a terminal, JSON otherwise. */
export type LogFormat = 'auto' | 'json' | 'pretty';

export interface LoggerSettings {
  readonly level: LogLevel;
  /** @default 'auto' */
  readonly format?: LogFormat;
  /** Facts on every line, such as the worker's id. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Standard error where absent: standard output belongs to what a command prints. */
  readonly destination?: DestinationStream;
}

/** Field names whose values never reach a log, at any depth that our own facts have. */
const SECRET_FIELDS = ['secretAccessKey', 'accessKeyId', 'sessionToken', 'password', 'token', 'credentials'];

const STDERR = 2;

/** One event a line, with secrets blanked out. Levels are names, in either format. */
export function createLogger({ level, format = 'auto', facts = {}, destination: given }: LoggerSettings): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const isTerminal = given === undefined && process.stderr.isTTY;
  const isReadable = format === 'pretty' || (format === 'auto' && isTerminal);
  const to = given ?? destination(STDERR);
  const options = {
    ...{ level, base: facts, redact: { paths, censor: '[redacted]' }, timestamp: stdTimeFunctions.isoTime },
    formatters: { level: (name: string) => ({ level: name }) },
  };
  return adapt(pino(options, isReadable ? readableLines(to, { colours: isTerminal }) : to));
}

const adapt = (line: PinoLogger): Logger => ({
  debug: (message, facts = {}) => line.debug(facts, message),
  info: (message, facts = {}) => line.info(facts, message),
  warn: (message, facts = {}) => line.warn(facts, message),
  error: (message, facts = {}) => line.error(facts, message),
  child: (facts) => adapt(line.child(facts)),
});
