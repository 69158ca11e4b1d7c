import { RE2JS } from 're2js';
import { BloblangError } from '../../value/errors.ts';

/** Patterns that are computed per message are few in practice; keeping the latest spares compiling them again. */
const CACHE_SIZE = 64;
const cache = new Map<string, RE2JS>();

/** A regular expression that matches in linear time. Throws BloblangError with the words of Go's `regexp`. */
export function compilePattern(source: string): RE2JS {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const pattern = compile(source);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(source, pattern);
  return pattern;
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new BloblangError((error as Error).message);
  }
}
