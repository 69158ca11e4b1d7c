import type { Interpolation, Message } from '@sluice/bloblang';
import { type Awaitable, mapAwaiting } from '@sluice/core';
import { compileInterpolation } from './bloblang-text.ts';
import { attemptTo, ContentError, flagged, isFailure, ResourceError } from './failure.ts';
import { cacheOf } from './find-resource.ts';
import type { CompileContext, ProcessedMessage, Processor, ProcessorSettings, SourceText } from './processor.ts';
import type { Cache } from './resources.ts';
import { readMilliseconds } from './sleep.ts';

interface CacheOptions {
  readonly resource: string;
  readonly operator: 'set' | 'add' | 'get' | 'delete' | 'exists';
  readonly key: SourceText;
  readonly value?: SourceText;
  readonly ttl?: SourceText;
}

interface Question {
  readonly key: string;
  readonly value: Uint8Array;
  readonly ttlMs: number | undefined;
}

/** The content that a message has afterwards. Throws what flags it. */
type Operator = (cache: Cache, question: Question, content: Uint8Array) => Awaitable<Uint8Array>;

const OPERATORS: Readonly<Record<CacheOptions['operator'], Operator>> = {
  set: async (cache, { key, value, ttlMs }, content) => {
    await cache.set(key, value, ttlMs);
    return content;
  },
  add: async (cache, { key, value, ttlMs }, content) => {
    if (!(await cache.add(key, value, ttlMs))) throw new ContentError(`key already exists: ${key}`);
    return content;
  },
  get: async (cache, { key }) => {
    const value = await cache.get(key);
    if (value === undefined) throw new ResourceError('key does not exist');
    return value;
  },
  delete: async (cache, { key }, content) => {
    await cache.delete(key);
    return content;
  },
  exists: async (cache, { key }) => Buffer.from(String((await cache.get(key)) !== undefined)),
};

/** `cache`: asks a cache for each message in turn, under a key that comes from the message. What fails is flagged. */
export function cache(settings: ProcessorSettings, context: CompileContext): Processor {
  const { resource, operator } = settings.options as unknown as CacheOptions;
  const store = cacheOf(resource, settings, context);
  const work = OPERATORS[operator];
  const read = compileQuestion(settings);
  return async (batch, { signal }) => {
    const messages = batch.map(({ message }) => message);
    const ask = async (item: ProcessedMessage, index: number): Promise<ProcessedMessage> => {
      signal.throwIfAborted();
      let key = '';
      try {
        const question = read(messages, index);
        ({ key } = question);
        return { ...item, message: { ...item.message, content: await work(store, question, item.message.content) } };
      } catch (error) {
        if (!isFailure(error)) throw error;
        const told = error instanceof ResourceError ? new ContentError(`operator failed for key '${key}': ${error.message}`) : error;
        return flagged(item, told, settings);
      }
    };
    return [await mapAwaiting(batch, ask)];
  };
}

/** Throws what flags the message. */
function compileQuestion(settings: ProcessorSettings): (messages: readonly Message[], index: number) => Question {
  const { key, value, ttl } = settings.options as unknown as CacheOptions;
  const texts = {
    key: compileInterpolation(key, settings),
    value: value && compileInterpolation(value, settings),
    ttl: ttl && compileInterpolation(ttl, settings),
  };
  return (messages, index) => {
    const read = <T>(what: string, text: Interpolation, take: (text: Interpolation) => T): T => {
      const result = attemptTo(`${what} interpolation error`, () => take(text));
      if (isFailure(result)) throw result;
      return result;
    };
    const ttlText = texts.ttl ? read('ttl', texts.ttl, (text) => text.evaluate(messages, index)) : '';
    return {
      key: read('key', texts.key, (text) => text.evaluate(messages, index)),
      value: texts.value ? read('value', texts.value, (text) => text.evaluateBytes(messages, index)) : new Uint8Array(),
      ttlMs: ttlText === '' ? undefined : readMilliseconds('ttl', ttlText),
    };
  };
}
