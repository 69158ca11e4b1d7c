import type { Interpolation, Mapping, Message } from '@sluice/bloblang';
import type { LogLevel } from '@sluice/core';
import { compileInterpolation, compileMapping } from './bloblang-text.ts';
import { attempt, isFailure } from './failure.ts';
import type { CompileContext, Processor, ProcessorSettings, SourceText } from './processor.ts';

const LEVELS: Readonly<Record<string, LogLevel>> = {
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'debug',
  ALL: 'debug',
};

/** `log`: a line for each message; the messages pass unchanged. */
export function log(settings: ProcessorSettings, { logger }: CompileContext): Processor {
  const { options, label, path } = settings;
  const level = LEVELS[options['level'] as string] ?? 'info';
  const text = compileInterpolation(options['message'] as SourceText, settings);
  const facts = compileFacts(settings);
  const told = logger.child({ path, ...(label !== undefined && { label }) });
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    for (const index of batch.keys()) {
      const line = attempt(() => text.evaluate(messages, index));
      if (isFailure(line)) told.error('log message could not be made', { reason: line.message });
      else told[level](line, facts(messages, index));
    }
    return [batch];
  };
}

type Facts = (messages: readonly Message[], index: number) => Record<string, unknown>;

/** `fields`, and above them what `fields_mapping` makes. A fact that fails is left out. */
function compileFacts(settings: ProcessorSettings): Facts {
  const { fields, fields_mapping: source } = settings.options;
  const interpolations = Object.entries((fields ?? {}) as Record<string, SourceText>).map(([name, text]): [string, Interpolation] => [
    name,
    compileInterpolation(text, settings),
  ]);
  const mapping = source === undefined ? undefined : compileMapping(source as SourceText, settings);
  return (messages, index) => ({
    ...Object.fromEntries(
      interpolations.flatMap(([name, text]) => {
        const value = attempt(() => text.evaluate(messages, index));
        return isFailure(value) ? [] : [[name, value]];
      }),
    ),
    ...(mapping && mappedFacts(mapping, messages, index)),
  });
}

function mappedFacts(mapping: Mapping, messages: readonly Message[], index: number): Record<string, unknown> {
  const outcome = mapping.map(messages, index);
  if (outcome.kind !== 'mapped') return {};
  try {
    const facts: unknown = JSON.parse(Buffer.from(outcome.message.content).toString());
    return typeof facts === 'object' && facts !== null && !Array.isArray(facts) ? (facts as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
