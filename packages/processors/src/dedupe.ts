/**
 * `dedupe`: drops a message whose key was seen before. The key's value in the cache names the records that the message stands for: when
 * one of them comes again, because its job was handed back or replayed, it passes again. Without that, what was seen and not written would
 * be lost. A cache that forgets only lets something pass twice.
 */
import { type Awaitable, andThen, mapAwaiting } from '@sluice/core';
import { compileInterpolation } from './bloblang-text.ts';
import { namesOf } from './branch.ts';
import { attemptTo, ContentError, flagged, isFailure, ResourceError } from './failure.ts';
import { cacheOf } from './find-resource.ts';
import type { Batch, CompileContext, ProcessedMessage, Processor, ProcessorSettings, Run, SourceText } from './processor.ts';
import type { Cache } from './resources.ts';

interface DedupeOptions {
  readonly cache: string;
  readonly key: SourceText;
  /** Only where it is set: what cannot be judged is dropped. */
  readonly drop_on_err: boolean | undefined;
}

/** What the original stores, and what a record without a name leaves. */
const SEEN = 't';

export function dedupe(settings: ProcessorSettings, context: CompileContext): Processor {
  const { cache: label, key, drop_on_err: dropsFailed = false } = settings.options as unknown as DedupeOptions;
  const filter = new Filter(cacheOf(label, settings, context));
  const keyOf = compileInterpolation(key, settings);
  return (batch, run) => {
    const messages = batch.map(({ message }) => message);
    const judge = (item: ProcessedMessage, index: number): Awaitable<Batch> => {
      run.signal.throwIfAborted();
      const found = attemptTo('key interpolation error', () => keyOf.evaluate(messages, index));
      if (isFailure(found)) return [flagged(item, found, settings)];
      return andThen(filter.isNew(found, item, run), (isNew) => {
        if (isNew === true) return [item];
        return isNew === false || dropsFailed ? [] : [flagged(item, new ContentError(`cache error: ${isNew.message}`), settings)];
      });
    };
    return andThen(mapAwaiting(batch, judge), (results) => [results.flat()]);
  };
}

class Filter {
  readonly #cache: Cache;
  /** Keys that a run has let pass: a second message of the same record is a duplicate all the same. */
  readonly #passed = new WeakMap<Run, Set<string>>();

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** A failure where the cache cannot tell. */
  async isNew(key: string, item: ProcessedMessage, run: Run): Promise<boolean | ResourceError> {
    const names = namesOf(item, run);
    try {
      const value = Buffer.from(names.length === 0 ? SEEN : names.join(' '));
      const isNew = await this.#cache.add(key, value);
      if (!isNew && (names.length === 0 || this.#passedIn(run).has(key) || !(await this.#isOwn(key, names, value)))) return false;
      this.#passedIn(run).add(key);
      return true;
    } catch (error) {
      if (error instanceof ResourceError) return error;
      throw error;
    }
  }

  /** Whether one of the records has put the key there. A key that has gone meanwhile is put there anew. */
  async #isOwn(key: string, names: readonly string[], own: Uint8Array): Promise<boolean> {
    const value = await this.#cache.get(key);
    if (value === undefined) {
      // A cache may hold an expired key against `add`.
      await this.#cache.set(key, own);
      return true;
    }
    const owners = new Set(Buffer.from(value).toString().split(' '));
    return names.some((name) => owners.has(name));
  }

  #passedIn(run: Run): Set<string> {
    const passed = this.#passed.get(run) ?? new Set();
    this.#passed.set(run, passed);
    return passed;
  }
}
