import { BloblangError } from './errors.ts';
import { quote } from './quote.ts';
import { fixedZone, Timestamp, UTC } from './timestamp.ts';

const LAYOUT = '2006-01-02T15:04:05.999999999Z07:00';

/** The steps of the layout: what each reads, and the part of the layout an error names. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01'],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{1,2}/, '15'],
  [/^:/, ':'],
  [/^\d{2}/, '04'],
  [/^:/, ':'],
  [/^\d{2}/, '05'],
  [/^(?:[.,]\d+)?/, '.999999999'],
  [/^(?:Z|[+-]\d{2}:\d{2})/, 'Z07:00'],
];

/** A timestamp from its RFC 3339 text. Throws BloblangError with the words of Go's `time.Parse`. */
export function parseRfc3339(text: string): Timestamp {
  const parts: string[] = [];
  let rest = text;
  for (const [pattern, element] of STEPS) {
    const part = pattern.exec(rest)?.[0];
    if (part === undefined) {
      throw new BloblangError(`parsing time ${quote(text)} as ${quote(LAYOUT)}: cannot parse ${quote(rest)} as ${quote(element)}`);
    }
    parts.push(part);
    rest = rest.slice(part.length);
  }
  if (rest !== '') throw new BloblangError(`parsing time ${quote(text)}: extra text: ${quote(rest)}`);
  const [year, , month, , day, , hour, , minute, , second, fraction, offset] = parts as [string, ...string[]] & { length: 13 };
  checkRanges(text, {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour!.padStart(2, '0')}:${minute}:${second}Z`);
  const offsetSeconds = offset === 'Z' ? 0 : offsetOf(offset!);
  const nanoseconds = BigInt(fraction!.slice(1).padEnd(9, '0').slice(0, 9));
  const zone = offset === 'Z' ? UTC : fixedZone(offsetSeconds);
  return new Timestamp(BigInt(milliseconds / 1000 - offsetSeconds) * 1_000_000_000n + nanoseconds, zone);
}

function offsetOf(text: string): number {
  const seconds = Number(text.slice(1, 3)) * 3600 + Number(text.slice(4)) * 60;
  return text.startsWith('-') ? -seconds : seconds;
}

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function checkRanges(text: string, { year, month, day, hour, minute, second }: DateParts): void {
  const lastDay = new Date(Date.UTC((year % 400) + 400, month, 0)).getUTCDate();
  const wrong =
    month < 1 || month > 12
      ? 'month'
      : day < 1 || day > lastDay
        ? 'day'
        : hour > 23
          ? 'hour'
          : minute > 59
            ? 'minute'
            : second > 59
              ? 'second'
              : '';
  if (wrong !== '') throw new BloblangError(`parsing time ${quote(text)}: ${wrong} out of range`);
}
