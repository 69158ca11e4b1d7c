import { type Clock, type Logger, type LogLevel, systemClock } from '@sluice/core';
import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { limitRepeats } from './limit-repeats.ts';
import type { LogSettings } from './log-settings.ts';
import { createOutlets } from './outlets.ts';

export interface LoggerSettings extends LogSettings {
  /** Facts on every line, such as the worker's id. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** In place of `file`. */
  readonly destination?: DestinationStream;
  readonly clock?: Clock;
}

/** Field names whose values never reach a log, at any depth that our own facts have. */
const SECRET_FIELDS = ['secretAccessKey', 'accessKeyId', 'sessionToken', 'password', 'token', 'credentials'];

/** A logger whose settings can change while it and its children are in use. */
export interface AdjustableLogger extends Logger {
  adjust(settings: LogSettings): void;
}

/** One event a line, with secrets blanked out. Levels are names, in each format. */
export function createLogger(settings: LoggerSettings): AdjustableLogger {
  const { facts = {}, destination, clock = systemClock } = settings;
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]);
  const outletFor = createOutlets(destination);
  const inForceBy = (wanted: LogSettings): InForce => ({
    least: wanted.level === 'off' ? LEVELS.length : LEVELS.indexOf(wanted.level),
    outlet: outletFor(wanted),
    fields: wanted.fields ?? {},
    perMinute: wanted.repeatsPerMinute || Number.POSITIVE_INFINITY,
  });
  const inForce = inForceBy(settings);
  const options = {
    ...{ level: LEVELS[0], base: facts, redact: { paths, censor: '[redacted]' }, timestamp: stdTimeFunctions.isoTime },
    formatters: { level: (name: string) => ({ level: name }) },
    // A copy: pino adds the facts of the line to it.
    mixin: () => ({ ...inForce.fields }),
  };
  const logger = limitRepeats(adapt(pino(options, { write: (line) => inForce.outlet.write(line) }), inForce), {
    perMinute: () => inForce.perMinute,
    clock,
  });
  return { ...logger, adjust: (wanted) => Object.assign(inForce, inForceBy(wanted)) };
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Shared by a logger and its children. */
interface InForce {
  /** Place among the levels of the lowest that is written. */
  least: number;
  outlet: DestinationStream;
  fields: Readonly<Record<string, string>>;
  perMinute: number;
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
