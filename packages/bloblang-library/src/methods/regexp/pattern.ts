import { BloblangError, checkElements } from '@sluice/values';
import { RE2JS } from 're2js';

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

type Matcher = ReturnType<RE2JS['matcher']>;

/** What one match and its groups matched; a group that took no part is empty. */
function groupsOf(matcher: Matcher): string[] {
  const count = matcher.groupCount();
  const groups: string[] = [];
  for (let group = 0; group <= count; group++) groups.push(matcher.group(group) ?? '');
  return groups;
}

export function findFirst(pattern: RE2JS, text: string): string[] | undefined {
  const matcher = pattern.matcher(text);
  return matcher.find() ? groupsOf(matcher) : undefined;
}

export function findAll(pattern: RE2JS, text: string): string[][] {
  const found: string[][] = [];
  forEachMatch(pattern, text, (matcher) => {
    found.push(groupsOf(matcher));
    checkElements(found.length);
  });
  return found;
}

/** What each match is, without its groups. */
export function findTexts(pattern: RE2JS, text: string): string[] {
  const found: string[] = [];
  forEachMatch(pattern, text, (matcher) => {
    found.push(text.slice(matcher.start(), matcher.end()));
    checkElements(found.length);
  });
  return found;
}

/** Calls back for each match as Go finds them: an empty one right behind another match is none. */
export function forEachMatch(pattern: RE2JS, text: string, visit: (matcher: Matcher) => void): void {
  const matcher = pattern.matcher(text);
  let previousEnd = -1;
  while (matcher.find()) {
    const isEmptyRepeat = matcher.start() === matcher.end() && matcher.start() === previousEnd;
    if (!isEmptyRepeat) visit(matcher);
    previousEnd = matcher.end();
  }
}

/** The name of each group, or its number if it has none; the whole match is `0`. */
export function groupKeys(pattern: RE2JS): string[] {
  const keys = Array.from({ length: pattern.groupCount() + 1 }, (_, group) => String(group));
  for (const [name, group] of Object.entries(pattern.namedGroups())) keys[group] = name;
  return keys;
}
