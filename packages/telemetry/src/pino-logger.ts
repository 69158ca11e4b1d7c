import type { Logger, LogLevel } from '@sluice/core';
import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino';
import { prettyLines } from './pretty-lines.ts';

export interface LoggerSettings {
  readonly level: LogLevel;
  /** JSON lines for programs, or lines for people. @default json */
  readonly format?: 'json' | 'pretty';
  /** Facts on every line, such as the worker's name. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Standard error where absent: standard output belongs to what a command prints. */
  readonly destination?: DestinationStream;
}

/** Field names whose values never reach a log, at any depth that our own facts have. */
const SECRET_FIELDS = ['secretAccessKey', 'accessKeyId', 'sessionToken', 'password', 'token', 'credentials'];

/** One line for each event, with secrets blanked out. */
export function createLogger({ level, format = 'json', facts = {}, destination: to = destination(2) }: LoggerSettings): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const out = format === 'pretty' ? prettyLines(to) : to;
  return adapt(pino({ level, base: facts, redact: { paths, censor: '[redacted]' }, timestamp: pino.stdTimeFunctions.isoTime }, out));
}

const adapt = (line: PinoLogger): Logger => ({
  debug: (message, facts = {}) => line.debug(facts, message),
  info: (message, facts = {}) => line.info(facts, message),
  warn: (message, facts = {}) => line.warn(facts, message),
  error: (message, facts = {}) => line.error(facts, message),
  child: (facts) => adapt(line.child(facts)),
});
