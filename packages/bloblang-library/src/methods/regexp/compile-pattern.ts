import { BloblangError } from '@sluice/values';
import { RE2JS } from 're2js';
import { nativePattern } from './native-pattern.ts';
import type { Pattern } from './pattern.ts';

/** Patterns that are computed per message are few in practice; keeping the latest spares compiling them again. */
const CACHE_SIZE = 64;
const cache = new Map<string, Pattern>();

/** Throws BloblangError with the words of Go's `regexp`. */
export function compilePattern(source: string): Pattern {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const pattern = compile(source);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  try {
    const pattern = RE2JS.compile(source);
    return nativePattern(source) ?? pattern;
  } catch (error) {
    throw new BloblangError((error as Error).message);
  }
}
