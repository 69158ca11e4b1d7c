import type { LogLevel } from '@sluice/core';
import type { FieldNames } from './field-names.ts';

/** `auto`: readable lines where standard error is a terminal, JSON otherwise. */
export type LogFormat = 'auto' | 'json' | 'logfmt' | 'pretty';

/** What may change while a logger is in use. */
export interface LogSettings {
  readonly level: LogLevel | 'off';
  /** @default 'auto' */
  readonly format?: LogFormat;
  /** On every line, by the configuration. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether lines tell their time. @default true */
  readonly timestamp?: boolean;
  /** Of `json` and `logfmt` lines. @default level, time, msg */
  readonly names?: FieldNames;
  /** Appended to. Standard error where absent: standard output belongs to what a command prints. */
  readonly file?: string | undefined;
  /** How often a minute the same warning or error is written; 0 = no limit. @default 0 */
  readonly repeatsPerMinute?: number;
}
