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

/** A logger whose level and format can change while it and its children are in use. */
export interface AdjustableLogger extends Logger {
  adjust(settings: Required<Pick<LoggerSettings, 'level' | 'format'>>): void;
}

/** One event a line, with secrets blanked out. Levels are names, in either format. */
export function createLogger({ level, format = 'auto', facts = {}, destination: given }: LoggerSettings): AdjustableLogger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const isTerminal = given === undefined && process.stderr.isTTY;
  const to = given ?? destination(STDERR);
  const readable = readableLines(to, { colours: isTerminal });
  const outlet = (wanted: LogFormat) => (wanted === 'pretty' || (wanted === 'auto' && isTerminal) ? readable : to);
  const options = {
    ...{ level: LEVELS[0], base: facts, redact: { paths, censor: '[redacted]' }, timestamp: stdTimeFunctions.isoTime },
    formatters: { level: (name: string) => ({ level: name }) },
  };
  const inForce: InForce = { least: LEVELS.indexOf(level), outlet: outlet(format) };
  const logger = adapt(pino(options, { write: (line) => inForce.outlet.write(line) }), inForce);
  const adjust: AdjustableLogger['adjust'] = (settings) => {
    inForce.least = LEVELS.indexOf(settings.level);
    inForce.outlet = outlet(settings.format);
  };
  return { ...logger, adjust };
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Shared by a logger and its children. */
interface InForce {
  /** Place among the levels of the lowest that is written. */
  least: number;
  outlet: DestinationStream;
}

function adapt(line: PinoLogger, inForce: InForce): Logger {
  const write =
    (level: (typeof LEVELS)[number]): Logger[LogLevel] =>
    (message, facts = {}) => {
      if (LEVELS.indexOf(level) >= inForce.least) line[level](facts, message);
    };
  const [debug, info, warn, error] = LEVELS.map(write) as [Logger['debug'], Logger['info'], Logger['warn'], Logger['error']];
  return { debug, info, warn, error, child: (facts) => adapt(line.child(facts), inForce) };
}
