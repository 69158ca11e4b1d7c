/** Times as gojq has them: seconds since 1970, or an array of year, month from 0, day, hour, minute, second, week day, day of year. */
import { compileStrftime, compileStrptime, isArray, LOCAL, Timestamp, UTC, type Value, type Zone } from '@sluice/values';
import { cannotApply, cannotApplyWith, failedFor, type JqError } from '../errors.ts';
import { floatOf, wholeOf } from '../numbers.ts';
import type { Natives } from './native.ts';

const DAY_MS = 86_400_000;
/** What a date holds; NaN is no time either. */
const MAX_SECONDS = 8.64e12;

export const times: Natives = {
  'now/0': () => Date.now() / 1_000,
  'gmtime/0': (value) => brokenDown('gmtime', value, UTC),
  'localtime/0': (value) => brokenDown('localtime', value, LOCAL),
  'mktime/0': (value) => {
    if (!isArray(value)) throw cannotApply('mktime', value);
    return secondsOf(value, (reason) => failedFor('mktime', value, [], reason));
  },
  'strftime/1': (value, [layout]) => format('strftime', value, layout!, UTC),
  'strflocaltime/1': (value, [layout]) => format('strflocaltime', value, layout!, LOCAL),
  'strptime/1': (value, [layout]) => {
    if (typeof value !== 'string' || typeof layout !== 'string') throw cannotApplyWith('strptime', value, layout!);
    return arrayOf(Number(parse(value, layout).nanoseconds) / 1e9, UTC);
  },
};

function parse(text: string, layout: string): Timestamp {
  try {
    return compileStrptime(layout)(text);
  } catch (error) {
    throw failedFor('strptime', text, [layout], (error as Error).message);
  }
}

function brokenDown(name: string, value: Value, zone: Zone): Value {
  const seconds = floatOf(value);
  if (seconds === undefined || !(Math.abs(seconds) <= MAX_SECONDS)) throw cannotApply(name, value);
  return arrayOf(seconds, zone);
}

function arrayOf(seconds: number, zone: Zone): number[] {
  const whole = Math.floor(seconds);
  const date = new Date((whole + offsetOf(whole, zone)) * 1_000);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  return [
    ...[date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()],
    date.getUTCSeconds() + Math.trunc((seconds - whole) * 1e9) / 1e9,
    date.getUTCDay(),
    Math.floor((date.getTime() - yearStart) / DAY_MS),
  ];
}

const offsetOf = (epochSeconds: number, zone: Zone): number => zone.at(epochSeconds).offsetSeconds;

function secondsOf(parts: readonly Value[], failure: (reason: string) => JqError): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 8).map((part, place) => {
    const number = place === 5 ? floatOf(part) : wholeOf(part);
    if (number === undefined) throw failure('expected an array of 8 numbers');
    return number;
  });
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  const seconds = date.getTime() / 1_000 + hour * 3_600 + minute * 60 + second;
  if (!(Math.abs(seconds) <= MAX_SECONDS)) throw failure('the time is out of range');
  return seconds;
}

function format(name: string, value: Value, layout: Value, zone: Zone): string {
  const seconds = floatOf(value);
  if (seconds !== undefined && !(Math.abs(seconds) <= MAX_SECONDS)) throw cannotApplyWith(name, value, layout);
  const parts = seconds === undefined ? value : arrayOf(seconds, zone);
  if (!isArray(parts) || typeof layout !== 'string') throw cannotApplyWith(name, value, layout);
  const shown = secondsOf(parts, (reason) => failedFor(name, value, [layout], reason));
  const nanoseconds = BigInt(Math.floor(shown)) * 1_000_000_000n + BigInt(Math.trunc((shown - Math.floor(shown)) * 1e9));
  const offset = BigInt(offsetOf(shown, zone)) * 1_000_000_000n;
  return compileStrftime(layout)(new Timestamp(nanoseconds - offset, zone));
}
