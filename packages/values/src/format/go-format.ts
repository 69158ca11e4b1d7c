/** Go's `fmt.Sprintf`, for the values of the language. */

import { checkLength } from '../limits.ts';
import { getInt } from '../value/coerce.ts';
import { toGoText } from '../value/go-text.ts';
import { goTypeName } from '../value/go-type.ts';
import { isNumber, type Value } from '../value/kinds.ts';
import { type Flags, formatFlagged } from './go-verbs.ts';

/** The brackets around the number of an argument are looked for nearby only, so that a template of open brackets takes no time. */
const DIRECTIVE = /%([-+# 0]*)(\[[^\]%]{0,20}\])?(\*|[0-9]+)?(?:(\.)(\[[^\]%]{0,20}\])?(\*|[0-9]+)?)?(\[[^\]%]{0,20}\])?(.)?/gsu;

/** Wider fields than this are an error in the original too. */
const MAX_WIDTH = 1_000_000;

/**
 * The template with its verbs replaced by the arguments; wrong verbs and missing arguments leave marks such as `%!d(string=x)`.
 * Throws BloblangError for a text longer than a mapping may make.
 */
export function goFormat(template: string, args: readonly Value[]): string {
  const cursor = new Cursor(args);
  let size = template.length;
  const text = template.replace(DIRECTIVE, (...groups: (string | undefined)[]) => {
    const [, flags = '', widthIndex, width, dot, precisionIndex, precision, index, verb] = groups;
    const printed = directive(cursor, { flags, widthIndex, width, dot, precisionIndex, precision, index, verb });
    size += printed.length;
    checkLength(size);
    return printed;
  });
  return text + cursor.extra();
}

interface Directive {
  readonly flags: string;
  readonly widthIndex: string | undefined;
  readonly width: string | undefined;
  readonly dot: string | undefined;
  readonly precisionIndex: string | undefined;
  readonly precision: string | undefined;
  readonly index: string | undefined;
  readonly verb: string | undefined;
}

function directive(cursor: Cursor, parts: Directive): string {
  let marks = '';
  const size = (text: string | undefined, index: string | undefined, bad: string): number | undefined => {
    if (text !== '*') return text === undefined ? undefined : Number(text);
    cursor.goTo(index);
    const value = cursor.next();
    if (value !== undefined && isNumber(value) && typeof value !== 'number') {
      const size = Number(getInt(value));
      if (Math.abs(size) <= MAX_WIDTH) return size;
    }
    marks += bad;
    return undefined;
  };
  let width = size(parts.width, parts.widthIndex, '%!(BADWIDTH)');
  const precision = parts.dot === undefined ? undefined : (size(parts.precision, parts.precisionIndex, '%!(BADPREC)') ?? 0);
  if (width !== undefined && width > MAX_WIDTH) width = undefined;
  const isLeft = parts.flags.includes('-') || (width ?? 0) < 0;
  const flags: Flags = {
    isLeft,
    hasPlus: parts.flags.includes('+'),
    isSharp: parts.flags.includes('#'),
    hasSpace: parts.flags.includes(' '),
    isZero: parts.flags.includes('0') && !isLeft,
    width: Math.abs(width ?? 0),
    precision,
  };
  cursor.goTo(parts.index ?? (parts.width === '*' ? undefined : parts.widthIndex));
  const { verb } = parts;
  if (verb === undefined) return `${marks}%!(NOVERB)`;
  if (verb === '%') return `${marks}%`;
  if (!cursor.isGood) return `${marks}%!${verb}(BADINDEX)`;
  const value = cursor.next();
  return marks + (value === undefined ? `%!${verb}(MISSING)` : formatFlagged(value, verb, flags));
}

/** Walks through the arguments; a directive may jump to one by its number. */
class Cursor {
  isGood = true;
  private position = 0;
  private hasJumped = false;
  private readonly args: readonly Value[];

  constructor(args: readonly Value[]) {
    this.args = args;
  }

  goTo(index: string | undefined): void {
    this.isGood = true;
    if (index === undefined) return;
    this.hasJumped = true;
    const place = /^\[[0-9]+\]$/.test(index) ? Number(index.slice(1, -1)) : 0;
    this.isGood = place >= 1 && place <= this.args.length;
    if (this.isGood) this.position = place - 1;
  }

  next(): Value | undefined {
    return this.position < this.args.length ? this.args[this.position++] : undefined;
  }

  /** What Go appends when arguments are left over. */
  extra(): string {
    if (this.hasJumped || this.position >= this.args.length) return '';
    const rest = this.args.slice(this.position).map((value) => (value === null ? '<nil>' : `${goTypeName(value)}=${toGoText(value)}`));
    return `%!(EXTRA ${rest.join(', ')})`;
  }
}
