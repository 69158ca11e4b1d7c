import type { Interpolation } from '@sluice/bloblang';
import { packBinary, unpackBinary } from '@sluice/codecs';
import { mapAwaiting } from '@sluice/core';
import { compileInterpolation, compileMapping } from './bloblang-text.ts';
import { attempt, attemptTo, ContentError, flagged, isFailure, ResourceError } from './failure.ts';
import { cacheOf } from './find-resource.ts';
import {
  type Batch,
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  runAsOne,
  type SourceText,
} from './processor.ts';
import { readMilliseconds } from './sleep.ts';

interface CachedOptions {
  readonly cache: string;
  readonly key: SourceText;
  readonly ttl?: SourceText;
  readonly skip_on?: SourceText;
  readonly processors: readonly ProcessorSettings[];
}

/**
 * `cached`: the contents that processors make of each message, kept under a key that comes from the message; the next message with that
 * key takes them without running the processors. What failed, or what `skip_on` names, is not kept. Its processors run also under
 * `error_handling.strict`.
 */
export function cached(settings: ProcessorSettings, context: CompileContext): Processor {
  const options = settings.options as unknown as CachedOptions;
  const cache = cacheOf(options.cache, settings, context);
  const keyOf = compileInterpolation(options.key, settings);
  const ttlOf = options.ttl && compileInterpolation(options.ttl, settings);
  const isSkipped = skipCheck(settings);
  const processors = context.lenient.compileAll(options.processors);
  return async (batch, run) => {
    const messages = batch.map(({ message }) => message);
    const read = (what: string, text: Interpolation, index: number): string => {
      const result = attemptTo(`failed to interpolate ${what} expression`, () => text.evaluate(messages, index));
      if (isFailure(result)) throw result;
      return result;
    };
    const one = async (item: ProcessedMessage, index: number): Promise<Batch> => {
      run.signal.throwIfAborted();
      try {
        const key = read('key', keyOf, index);
        const known = await cache.get(key);
        if (known) return unpackBinary(known).map((content) => ({ message: { ...item.message, content }, sources: item.sources }));
        const results = await runAsOne(processors, [[item]], run);
        if (isSkipped(results)) return results;
        const ttl = ttlOf ? read('TTL', ttlOf, index) : '';
        const contents = results.map(({ message }) => message.content);
        await cache.set(key, packBinary(contents), ttl === '' ? undefined : readMilliseconds('ttl', ttl));
        return results;
      } catch (error) {
        if (!isFailure(error)) throw error;
        return [flagged(item, error instanceof ResourceError ? new ContentError(`cache error: ${error.message}`) : error, settings)];
      }
    };
    return [(await mapAwaiting(batch, one)).flat()];
  };
}

/** Whether a result is not to be kept. Nor is one for which the check fails. */
function skipCheck(settings: ProcessorSettings): (results: Batch) => boolean {
  const { skip_on: source } = settings.options as unknown as CachedOptions;
  const check = source === undefined || source.source.trim() === '' ? undefined : compileMapping(source, settings);
  return (results) => {
    const messages = results.map(({ message }) => message);
    return results.some(
      ({ message }, index) => message.failure !== undefined || (check && attempt(() => check.check(messages, index)) !== false),
    );
  };
}
