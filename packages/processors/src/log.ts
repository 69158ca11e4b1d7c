import { type Interpolation, type Mapping, type Message, openDocument } from '@sluice/bloblang';
import type { LogLevel } from '@sluice/core';
import { encodeJson, isObject, typeName, type Value } from '@sluice/values';
import { compileInterpolation, compileMapping } from './bloblang-text.ts';
import { attempt, attemptTo, ContentError, isFailure } from './failure.ts';
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

/** `log`: a line for each message; the messages pass unchanged. Where text or fields fail, the line says what failed instead. */
export function log(settings: ProcessorSettings, { logger }: CompileContext): Processor {
  const { options, label, path } = settings;
  const level = LEVELS[options['level'] as string] ?? 'info';
  const text = compileInterpolation(options['message'] as SourceText, settings);
  const facts = compileFacts(settings);
  const told = logger.child({ path, ...(label !== undefined && { label }) });
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    for (const index of batch.keys()) {
      const known = attempt(() => facts(messages, index));
      const line = isFailure(known) ? known : attemptTo('Message interpolation error', () => text.evaluate(messages, index));
      if (isFailure(known)) told.error(known.message);
      else if (isFailure(line)) told.error(line.message);
      else told[level](line, known);
    }
    return [batch];
  };
}

/** Throws what {@link attempt} takes for a failure. */
type Facts = (messages: readonly Message[], index: number) => Record<string, unknown>;

/** What `fields_mapping` makes, and above it `fields`. */
function compileFacts(settings: ProcessorSettings): Facts {
  const { fields, fields_mapping: source } = settings.options;
  const interpolations = Object.entries((fields ?? {}) as Record<string, SourceText>).map(([name, text]): [string, Interpolation] => [
    name,
    compileInterpolation(text, settings),
  ]);
  const mapping = source === undefined ? undefined : compileMapping(source as SourceText, settings);
  return (messages, index) => {
    const facts = mapping ? mappedFacts(mapping, messages, index) : {};
    for (const [name, text] of interpolations) {
      const value = attemptTo(`Field ${name} interpolation error`, () => text.evaluate(messages, index));
      if (isFailure(value)) throw value;
      facts[name] = value;
    }
    return facts;
  };
}

/** No facts where the mapping deletes its root. */
function mappedFacts(mapping: Mapping, messages: readonly Message[], index: number): Record<string, unknown> {
  const outcome = mapping.map(messages, index);
  if (outcome.kind === 'failed') throw new ContentError(`Failed to execute fields mapping: ${outcome.error.message}`);
  if (outcome.kind === 'dropped') return {};
  const document = attemptTo('Failed to extract fields object', () => objectIn(outcome.message.content));
  if (isFailure(document)) throw document;
  return document;
}

function objectIn(content: Uint8Array): Record<string, unknown> {
  const document: Value = openDocument(content).value();
  if (!isObject(document)) throw new ContentError(`expected an object, found ${typeName(document)}`);
  return JSON.parse(encodeJson(document)) as Record<string, unknown>;
}
