/**
 * Patterns that the engine's own regular expressions match as Go does, and in linear time, too: characters and classes of ASCII one after
 * the other, no groups and no alternatives. Going back is bounded there, as nothing but the last of them may repeat without end; and what
 * comes last has matched by then, unless an end is asked for, which is allowed only where there is a single place to begin at.
 */
import type { Pattern, PatternMatcher } from './pattern.ts';

/** A character that stands for itself, and one that does within a class. */
const PLAIN = String.raw`[\w @#%&=:;,<>"'\`~!/-]`;
const IN_CLASS = String.raw`[\w @#%&=:;,<>"'\`~!/.+*?$()|{}]`;
const ESCAPED = String.raw`\\[.+*?()|[\]{}^$\\-]`;
const CLASS = String.raw`\[(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|${IN_CLASS}|${ESCAPED}|\\[dw])(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|${IN_CLASS}|${ESCAPED}|\\[dw])*-?\]`;
const QUANTIFIER = String.raw`(?:([?*+])|\{(\d{1,3})(?:(,)(\d{0,3}))?\})(?![?+*{])`;
/** One of the parts of such a pattern: a word boundary, or a character with its quantifier. */
const PART = new RegExp(String.raw`\\b|(?:${PLAIN}|${ESCAPED}|\\[dw]|${CLASS})(?:${QUANTIFIER})?`, 'y');

/** How many ways of matching from one place there may be, and how much text each may look at. */
const MAX_WAYS = 64;
const MAX_LENGTH = 256;

/** @param source a pattern that Go takes. `undefined` if it is not one of these. */
export function nativePattern(source: string): Pattern | undefined {
  const isAtStart = source.startsWith('^');
  const isAtEnd = source.endsWith('$');
  const parts = source.slice(isAtStart ? 1 : 0, isAtEnd ? -1 : undefined);
  let [ways, least, most] = [1, 0, 0];
  for (let at = 0; at < parts.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const part = PART.exec(parts);
    if (part === null || most === Number.POSITIVE_INFINITY) return undefined;
    const [from, to] = part[0] === '\\b' ? [0, 0] : timesOf(part);
    least += from;
    most += to;
    if (to !== Number.POSITIVE_INFINITY) ways *= to - from + 1;
  }
  const isBounded = most <= MAX_LENGTH || (most === Number.POSITIVE_INFINITY && least <= MAX_LENGTH && (isAtStart || !isAtEnd));
  return least > 0 && ways <= MAX_WAYS && isBounded ? new NativePattern(new RegExp(source, 'g')) : undefined;
}

/** How often a part may occur. */
function timesOf([, sign, from, comma, to]: RegExpExecArray): readonly [from: number, to: number] {
  if (sign === '?') return [0, 1];
  if (sign !== undefined) return [sign === '+' ? 1 : 0, Number.POSITIVE_INFINITY];
  if (from === undefined) return [1, 1];
  if (comma === undefined) return [Number(from), Number(from)];
  return [Number(from), to ? Number(to) : Number.POSITIVE_INFINITY];
}

class NativePattern implements Pattern {
  private readonly expression: RegExp;

  constructor(expression: RegExp) {
    this.expression = expression;
  }

  test(text: string): boolean {
    this.expression.lastIndex = 0;
    return this.expression.test(text);
  }

  matcher(text: string): PatternMatcher {
    return new NativeMatcher(this.expression, text);
  }

  groupCount(): number {
    return 0;
  }

  namedGroups(): Readonly<Record<string, number>> {
    return {};
  }
}

/** No match is empty, so each goes on where the one before ended. */
class NativeMatcher implements PatternMatcher {
  private readonly expression: RegExp;
  private readonly text: string;
  private from = 0;
  private to = 0;

  constructor(expression: RegExp, text: string) {
    this.expression = expression;
    this.text = text;
  }

  find(): boolean {
    this.expression.lastIndex = this.to;
    const found = this.expression.exec(this.text);
    if (found === null) return false;
    this.from = found.index;
    this.to = found.index + found[0].length;
    return true;
  }

  start(): number {
    return this.from;
  }

  end(): number {
    return this.to;
  }

  group(): string {
    return this.text.slice(this.from, this.to);
  }

  groupCount(): number {
    return 0;
  }
}
