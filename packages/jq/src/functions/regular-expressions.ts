import { isArray, isObject, quote, setKey, type Value, type ValueObject } from '@sluice/values';
import { RE2JS } from 're2js';
import { expectedArray, expectedObject } from '../access.ts';
import { cannotApply, cannotApplyWith, JqError } from '../errors.ts';
import type { Natives } from './native.ts';

/** Patterns that are computed for each document are few in practice. */
const CACHE_SIZE = 64;
const cache = new Map<string, RE2JS>();

function patternOf(source: string, flags: string): RE2JS {
  const key = `${flags}/${source}`;
  const known = cache.get(key);
  if (known) return known;
  if (/[^gim]/.test(flags)) throw new JqError(`unsupported regular expression flag: ${quote(flags)}`);
  const whole = `${flags.includes('m') ? '(?s)' : ''}${flags.includes('i') ? '(?i)' : ''}${source}`;
  const pattern = compiled(whole);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(key, pattern);
  return pattern;
}

function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new JqError(`invalid regular expression ${quote(source)}: ${(error as Error).message}`);
  }
}

function match(value: Value, [source, flags = null, isTest]: readonly Value[]): Value {
  const name = isTest === true ? 'test' : 'match';
  if (typeof value !== 'string' || typeof source !== 'string' || (flags !== null && typeof flags !== 'string')) {
    throw cannotApplyWith(name, value, source!, flags);
  }
  const pattern = patternOf(source, flags ?? '');
  if (isTest === true) return pattern.test(value);
  const isGlobal = flags?.includes('g') === true;
  const names = Object.entries(pattern.namedGroups() as Readonly<Record<string, number>>);
  const matcher = pattern.matcher(value);
  const matches: Value[] = [];
  let previousEnd = -1;
  while (matcher.find()) {
    const isEmptyRepeat = matcher.start() === matcher.end() && matcher.start() === previousEnd;
    previousEnd = matcher.end();
    if (isEmptyRepeat) continue;
    const captures = Array.from({ length: matcher.groupCount() }, (_, index): Value => {
      const name = names.find(([, group]) => group === index + 1)?.[0] ?? null;
      const start = matcher.start(index + 1);
      if (start < 0) return { name, offset: -1, length: 0, string: null };
      return { name, ...partOf(value, start, matcher.end(index + 1)) };
    });
    matches.push({ ...partOf(value, matcher.start(), matcher.end()), captures });
    if (!isGlobal) break;
  }
  return matches;
}

/** Places count characters. */
const partOf = (text: string, start: number, end: number): { offset: number; length: number; string: string } => {
  const string = text.slice(start, end);
  return { offset: [...text.slice(0, start)].length, length: [...string].length, string };
};

function capture(value: Value): Value {
  if (!isObject(value)) throw expectedObject(value);
  const captures = Object.hasOwn(value, 'captures') ? value['captures']! : null;
  if (!isArray(captures)) throw expectedArray(captures);
  const found: ValueObject = {};
  for (const each of captures) if (isObject(each) && typeof each['name'] === 'string') setKey(found, each['name'], each['string'] ?? null);
  return found;
}

/** What stands between the matches, as Go splits. */
function split(value: Value, [source, flags = null]: readonly Value[]): Value {
  if (typeof value !== 'string') throw cannotApply('split', value);
  if (typeof source !== 'string') throw cannotApply('split', '');
  if (flags !== null && typeof flags !== 'string') throw cannotApply('split', flags);
  const pattern = patternOf(source, flags ?? '');
  if (value === '') return [''];
  const matcher = pattern.matcher(value);
  const parts: string[] = [];
  let from = 0;
  while (matcher.find()) {
    if (matcher.end() === 0) continue;
    if (matcher.start() === matcher.end() && matcher.start() >= value.length) break;
    parts.push(value.slice(from, matcher.start()));
    from = matcher.end();
  }
  return [...parts, value.slice(from)];
}

export const regularExpressions: Natives = { '_match/3': match, '_capture/0': capture, 'split/2': split };
