import { checkElements } from '@sluice/values';

/** A regular expression of Go's, that takes time in proportion to the text. */
export interface Pattern {
  /** Whether it matches anywhere. */
  test(text: string): boolean;
  matcher(text: string): PatternMatcher;
  /** Without the whole match. */
  groupCount(): number;
  namedGroups(): Readonly<Record<string, number>>;
}

/** Goes from one match to the next; the rest is about the one found last. */
export interface PatternMatcher {
  find(): boolean;
  start(): number;
  end(): number;
  /** `null` for a group that took no part. */
  group(group?: number): string | null;
  groupCount(): number;
}

/** What one match and its groups matched; a group that took no part is empty. */
function groupsOf(matcher: PatternMatcher): string[] {
  const count = matcher.groupCount();
  const groups: string[] = [];
  for (let group = 0; group <= count; group++) groups.push(matcher.group(group) ?? '');
  return groups;
}

export function findFirst(pattern: Pattern, text: string): string[] | undefined {
  const matcher = pattern.matcher(text);
  return matcher.find() ? groupsOf(matcher) : undefined;
}

export function findAll(pattern: Pattern, text: string): string[][] {
  const found: string[][] = [];
  forEachMatch(pattern, text, (matcher) => {
    found.push(groupsOf(matcher));
    checkElements(found.length);
  });
  return found;
}

/** What each match is, without its groups. */
export function findTexts(pattern: Pattern, text: string): string[] {
  const found: string[] = [];
  forEachMatch(pattern, text, (matcher) => {
    found.push(text.slice(matcher.start(), matcher.end()));
    checkElements(found.length);
  });
  return found;
}

/** Calls back for each match as Go finds them: an empty one right behind another match is none. */
export function forEachMatch(pattern: Pattern, text: string, visit: (matcher: PatternMatcher) => void): void {
  const matcher = pattern.matcher(text);
  let previousEnd = -1;
  while (matcher.find()) {
    const isEmptyRepeat = matcher.start() === matcher.end() && matcher.start() === previousEnd;
    if (!isEmptyRepeat) visit(matcher);
    previousEnd = matcher.end();
  }
}

/** The name of each group, or its number if it has none; the whole match is `0`. */
export function groupKeys(pattern: Pattern): string[] {
  const keys = Array.from({ length: pattern.groupCount() + 1 }, (_, group) => String(group));
  for (const [name, group] of Object.entries(pattern.namedGroups())) keys[group] = name;
  return keys;
}
