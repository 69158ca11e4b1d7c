/** Benthos' names of log levels, in upper case, and ours. */
const OURS: Readonly<Record<string, string>> = {
  OFF: 'off',
  NONE: 'off',
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warn',
  WARNING: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'debug',
  ALL: 'debug',
};

export const LOG_LEVELS: readonly string[] = Object.keys(OURS);

/** Our level for one of Benthos', written in any case. */
export const ourLogLevel = (name: string): string | undefined => {
  const upper = name.toUpperCase();
  return Object.hasOwn(OURS, upper) ? OURS[upper] : undefined;
};
