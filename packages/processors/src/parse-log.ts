import { type Rfc3164Options, readRfc3164, readRfc5424 } from '@sluice/codecs';
import { ianaZone } from '@sluice/values';
import { replaceDocument } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import type { CompileContext, Processor, ProcessorSettings } from './processor.ts';

interface ParseLogOptions {
  readonly format: 'syslog_rfc5424' | 'syslog_rfc3164';
  readonly best_effort: boolean;
  readonly allow_rfc3339: boolean;
  /** `current`, a year, or '' for the year 0. */
  readonly default_year: string;
  readonly default_timezone: string;
}

/** `parse_log`: the fields of a syslog line, as a document. A message that is no such line is flagged. */
export function parseLog(settings: ProcessorSettings, context: CompileContext): Processor {
  const options = settings.options as unknown as ParseLogOptions;
  if (options.format === 'syslog_rfc5424') return replaceDocument(settings, ({ content }) => readRfc5424(content));
  const rules = rfc3164Rules(settings, options, context);
  return replaceDocument(settings, ({ content }) => readRfc3164(content, rules()));
}

/** The year is asked for with each line: a process may live through New Year. */
function rfc3164Rules({ position, path }: ProcessorSettings, options: ParseLogOptions, { clock }: CompileContext): () => Rfc3164Options {
  const { default_year: year, default_timezone: name } = options;
  const refuse = (reason: string): never => {
    throw new ProcessorConfigError(position, path, reason);
  };
  if (!/^(?:|current|[+-]?\d+)$/.test(year))
    refuse(`expected a \`default_year\` that is a number, \`current\` or empty, found \`${year}\``);
  const zone = ianaZone(name === '' ? 'UTC' : name) ?? refuse(`failed to lookup timezone: unknown time zone ${name}`);
  const rules = { allowsRfc3339: options.allow_rfc3339, zone, bestEffort: options.best_effort };
  if (year !== 'current') return () => ({ ...rules, year: Number(year) });
  return () => ({ ...rules, year: new Date(clock.now()).getUTCFullYear() });
}
