import { type Interpolation, type Message, openDocument } from '@sluice/bloblang';
import { mapAwaiting } from '@sluice/core';
import { isArray, toText, typeName } from '@sluice/values';
import { compileInterpolation, compileMapping } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, attemptTo, ContentError, flagged, isFailure } from './failure.ts';
import type { CompileContext, ProcessedMessage, Processor, ProcessorSettings, SourceText } from './processor.ts';
import type { ProgramOutcome, Programs } from './programs-port.ts';

interface CommandOptions {
  readonly name: SourceText;
  readonly args_mapping: SourceText | undefined;
}

/**
 * `command`: runs a program for each message in turn. It reads the content from its standard input, and what it writes becomes the
 * content. Where it fails the message is flagged and stays as it is.
 */
export function command(settings: ProcessorSettings, context: CompileContext): Processor {
  const name = compileInterpolation((settings.options as unknown as CommandOptions).name, settings);
  const programs = programsOf(settings, context, name.isStatic ? name.evaluate([], 0) : undefined);
  const callOf = compileCall(name, settings);
  return async (batch, { signal }) => {
    const messages = batch.map(({ message }) => message);
    const run = async (item: ProcessedMessage, index: number): Promise<ProcessedMessage> => {
      const call = attempt(() => callOf(messages, index));
      if (isFailure(call)) return flagged(item, call, settings);
      const outcome = await programs.run({ ...call, input: item.message.content }, signal);
      if (outcome.problem !== undefined) return flagged(item, new ContentError(outcome.problem), settings);
      return changed(item, outcome);
    };
    return [await mapAwaiting(batch, run)];
  };
}

const changed = ({ message, sources }: ProcessedMessage, { output, errorOutput }: Exclude<ProgramOutcome, { problem: string }>) => ({
  message: {
    ...message,
    content: output,
    ...(errorOutput !== '' && { metadata: { ...message.metadata, command_stderr: errorOutput } }),
  },
  sources,
});

/** @throws {ProcessorConfigError} no program can be run here, or not the one called `name`; without a name, where none may be */
export function programsOf({ position, path }: ProcessorSettings, { programs }: CompileContext, name: string | undefined): Programs {
  if (!programs) throw new ProcessorConfigError(position, path, 'expected a way to run programs, found none here');
  const problem = programs.refusal(name);
  if (problem !== undefined) throw new ProcessorConfigError(position, path, problem);
  return programs;
}

/** Throws what flags the message. */
function compileCall(name: Interpolation, settings: ProcessorSettings) {
  const { args_mapping: args } = settings.options as unknown as CommandOptions;
  const mapping = args && compileMapping(args, settings);
  const argsOf = (messages: readonly Message[], index: number): string[] => {
    if (!mapping) return [];
    const outcome = mapping.map(messages, index);
    if (outcome.kind === 'failed') throw new ContentError(`args mapping error: ${outcome.error.message}`);
    if (outcome.kind === 'dropped')
      throw new ContentError('args mapping error: expected an array, found nothing: the mapping deletes its root');
    const value = thrown(attemptTo('args mapping error', () => openDocument(outcome.message.content).value()));
    if (!isArray(value)) throw new ContentError(`args mapping result error: expected array value, got ${typeName(value)}`);
    return value.map(toText);
  };
  return (messages: readonly Message[], index: number) => ({
    name: thrown(attemptTo('name interpolation error', () => name.evaluate(messages, index))),
    args: argsOf(messages, index),
  });
}

function thrown<T>(result: T): Exclude<T, Error> {
  if (isFailure(result)) throw result;
  return result as Exclude<T, Error>;
}
