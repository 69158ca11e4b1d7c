import { foldInTurn, sleep as sleepFor } from '@sluice/core';
import { BloblangError, parseDuration } from '@sluice/values';
import { compileInterpolation } from './bloblang-text.ts';
import { attempt, isFailure } from './failure.ts';
import type { Batch, CompileContext, Processor, ProcessorSettings, SourceText } from './processor.ts';

const MOST_MS = 2 ** 31 - 1;

/** `sleep`: waits for each message in turn, for a time that may come from it. Where that fails, or is no duration, nothing waits and a line says why. */
export function sleep(settings: ProcessorSettings, { clock, logger }: CompileContext): Processor {
  const duration = compileInterpolation(settings.options['duration'] as SourceText, settings);
  const facts = { path: settings.path, label: settings.label ?? '' };
  const delayOf = (batch: Batch, index: number): number => {
    const messages = batch.map(({ message }) => message);
    const text = attempt(() => duration.evaluate(messages, index));
    const delayMs = isFailure(text) ? text : attempt(() => millisecondsOf(text));
    if (!isFailure(delayMs)) return delayMs;
    logger.error(`${isFailure(text) ? 'Period interpolation error' : 'Failed to parse sleep duration'}: ${delayMs.message}`, facts);
    return 0;
  };
  return (batch, { signal }) =>
    foldInTurn(batch, [batch], (done, _, index) => {
      const delayMs = Math.min(delayOf(batch, index), MOST_MS);
      return delayMs > 0 ? sleepFor(clock, delayMs, signal).then(() => done) : done;
    });
}

/** @throws {BloblangError} no duration as Go reads it */
const millisecondsOf = (text: string): number => Number(parseDuration(text)) / 1e6;

/** The same, with what the text is in front of the reason. */
export function readMilliseconds(what: string, text: string): number {
  const milliseconds = attempt(() => millisecondsOf(text));
  if (isFailure(milliseconds)) throw new BloblangError(`${what} must be a duration: ${milliseconds.message}`);
  return milliseconds;
}
