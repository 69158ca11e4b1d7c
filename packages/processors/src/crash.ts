import { compileInterpolation } from './bloblang-text.ts';
import { ProcessorCrashError } from './errors.ts';
import { attempt, isFailure } from './failure.ts';
import type { CompileContext, Processor, ProcessorSettings, SourceText } from './processor.ts';

/**
 * `crash`: ends the process with a message. What is in hand has not been delivered, so it comes again after a start: put it behind a check
 * that a fix of the configuration or of the data makes false.
 */
export function crash(settings: ProcessorSettings, { logger }: CompileContext): Processor {
  const { path, label = '' } = settings;
  const text = compileInterpolation(settings.options['message'] as SourceText, settings);
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    const message = attempt(() => text.evaluate(messages, 0));
    logger.error(isFailure(message) ? `Message interpolation error: ${message.message}` : message, { path, label });
    throw new ProcessorCrashError(path);
  };
}
