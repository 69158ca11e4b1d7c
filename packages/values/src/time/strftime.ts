/** Writes timestamps by the conversions of `strftime`, with the flags and widths of GNU and `%f` for microseconds. */
import { checkLength } from '../limits.ts';
import { daysSinceEpoch, toCivil, type ZonedCivil } from './civil.ts';
import { hourOfHalfDay } from './format-layout.ts';
import { MONTHS, WEEKDAYS } from './names.ts';
import type { Timestamp } from './timestamp.ts';

/** Conversions that stand for several others. */
export const COMPOSITIONS: Readonly<Record<string, string>> = {
  c: 'a b e H:M:S Y',
  '+': 'a b e H:M:S Z Y',
  F: 'Y-m-d',
  D: 'm/d/y',
  x: 'm/d/y',
  v: 'e-b-Y',
  T: 'H:M:S',
  X: 'H:M:S',
  r: 'I:M:S p',
  R: 'H:M',
};

/** What stands between `%` and the letter. */
interface Modifiers {
  readonly width: number;
  /** `-` for none; undefined if no flag says. */
  readonly padding: '-' | ' ' | '0' | undefined;
  readonly isUpper: boolean;
  readonly isSwapped: boolean;
  /** `%:z` has one, `%::z` two. */
  readonly colons: number;
}

type Write = (civil: ZonedCivil) => string;

const CONVERSION = /%(?:[-_^#0]|[1-9]\d*)*(?::+z?|[^:])?/gs;
const MAX_WIDTH = 1024;

export function compileStrftime(format: string): (timestamp: Timestamp) => string {
  const steps: Write[] = [];
  let end = 0;
  for (const { 0: conversion, index } of format.matchAll(CONVERSION)) {
    const literal = format.slice(end, index);
    if (literal !== '') steps.push(() => literal);
    steps.push(...compileConversion(conversion));
    end = index + conversion.length;
  }
  const tail = format.slice(end);
  return (timestamp) => {
    const civil = toCivil(timestamp);
    let text = '';
    for (const write of steps) {
      text += write(civil);
      checkLength(text.length);
    }
    return text + tail;
  };
}

function compileConversion(conversion: string): Write[] {
  const [, flags = '', colons = '', letter = ''] = /^%((?:[-_^#0]|[1-9]\d*)*)(:*)(.?)$/s.exec(conversion)!;
  const modifiers = readModifiers(flags, colons.length);
  const isKnown = colons === '' ? letter in CONVERSIONS : letter === 'z' && colons.length <= 3;
  if (isKnown) return [CONVERSIONS[letter]!(modifiers)];
  const composition = colons === '' ? COMPOSITIONS[letter] : undefined;
  if (composition !== undefined) return compileComposition(composition, modifiers.isUpper);
  const verbatim = textOf(conversion, { ...modifiers, isUpper: false, isSwapped: false });
  return [() => verbatim];
}

function compileComposition(composition: string, isUpper: boolean): Write[] {
  const modifiers: Modifiers = { width: 0, padding: undefined, isUpper, isSwapped: false, colons: 0 };
  return [...composition].map((character) => CONVERSIONS[character]?.(modifiers) ?? (() => character));
}

function readModifiers(flags: string, colons: number): Modifiers {
  let modifiers: Modifiers = { width: 0, padding: undefined, isUpper: false, isSwapped: false, colons };
  for (const flag of flags.match(/[-_^#0]|[1-9]\d*/g) ?? []) {
    if (flag === '-') modifiers = { ...modifiers, padding: '-' };
    else if (flag === '_') modifiers = { ...modifiers, padding: ' ' };
    else if (flag === '0') modifiers = { ...modifiers, padding: '0' };
    else if (flag === '^') modifiers = { ...modifiers, isUpper: true };
    else if (flag === '#') modifiers = { ...modifiers, isSwapped: true };
    // A width asks for padding, so it takes `-` back.
    else
      modifiers = { ...modifiers, width: Math.min(Number(flag), MAX_WIDTH), padding: modifiers.padding === '-' ? ' ' : modifiers.padding };
  }
  return modifiers;
}

type Compile = (modifiers: Modifiers) => Write;

/** A number of at least so many digits. */
const numeric =
  (minimum: number, value: (civil: ZonedCivil) => number, usualPadding: '0' | ' ' = '0'): Compile =>
  ({ width, padding = usualPadding }) => {
    const least = Math.max(width, minimum);
    return (civil) => (padding === '-' ? String(value(civil)) : String(value(civil)).padStart(least, padding));
  };

/** Years and microseconds: a width may also make them shorter than usual. */
const numericOr =
  (usualWidth: number, value: (civil: ZonedCivil) => number): Compile =>
  (modifiers) =>
    numeric(modifiers.width === 0 ? usualWidth : 0, value)(modifiers);

const textual =
  (value: (civil: ZonedCivil) => string): Compile =>
  (modifiers) =>
  (civil) =>
    textOf(value(civil), modifiers);

function textOf(text: string, { width, padding, isUpper, isSwapped }: Modifiers): string {
  const isCapital = text.charCodeAt(1) < 0x61;
  const shown =
    isSwapped && isCapital ? setCase(text, (code) => code | 0x20) : isUpper || isSwapped ? setCase(text, (code) => code & 0x5f) : text;
  return padding === '-' ? shown : shown.padStart(width, padding ?? ' ');
}

/** By bit, as the original does it, which changes more than letters. */
const setCase = (text: string, change: (code: number) => number): string =>
  String.fromCharCode(...Array.from(text, (character) => change(character.charCodeAt(0))));

const literalText =
  (text: string): Compile =>
  (modifiers) => {
    const shown = textOf(text, { ...modifiers, isUpper: false, isSwapped: false });
    return () => shown;
  };

const halfOfDay = ({ hour }: ZonedCivil): string => (hour < 12 ? 'AM' : 'PM');

/** Weeks of the year that begin on Sunday or Monday; days before the first one are in week 0. */
const weekOfYear = ({ yearDay, weekday }: ZonedCivil, firstDay: 0 | 1): number =>
  Math.floor((yearDay + 6 - ((weekday - firstDay + 7) % 7)) / 7);

/** The year and week of ISO 8601: a week belongs to the year that its Thursday is in. */
function isoWeek({ year, yearDay, weekday }: ZonedCivil): { year: number; week: number } {
  const thursday = daysSinceEpoch(year, 1, 1) + yearDay - 1 + 3 - ((weekday + 6) % 7);
  const isoYear = thursday < daysSinceEpoch(year, 1, 1) ? year - 1 : thursday >= daysSinceEpoch(year + 1, 1, 1) ? year + 1 : year;
  return { year: isoYear, week: Math.floor((thursday - daysSinceEpoch(isoYear, 1, 1)) / 7) + 1 };
}

const writeOffset: Compile =
  ({ width, padding, colons }) =>
  ({ offsetSeconds }) => {
    const magnitude = Math.abs(offsetSeconds);
    const sign = offsetSeconds < 0 ? '-' : '+';
    const [hours, minutes, seconds] = [Math.trunc(magnitude / 3600), Math.trunc(magnitude / 60) % 60, magnitude % 60];
    const colon = colons === 0 ? '' : ':';
    let rest = '';
    if (colons <= 2 || minutes + seconds > 0) rest += colon + two(minutes);
    if (colons === 2 || (colons === 3 && seconds > 0)) rest += colon + two(seconds);
    if (padding === '-') return sign + hours + rest;
    if (padding === ' ') return ((hours < 10 ? ' ' : '') + sign + hours + rest).padStart(width);
    return sign + (two(hours) + rest).padStart(width - 1, '0');
  };

const two = (value: number): string => String(value).padStart(2, '0');

const CONVERSIONS: Readonly<Record<string, Compile>> = {
  Y: numericOr(4, ({ year }) => year),
  y: numeric(2, ({ year }) => year % 100),
  C: numeric(2, ({ year }) => Math.trunc(year / 100)),
  G: numericOr(4, (civil) => isoWeek(civil).year),
  g: numeric(2, (civil) => isoWeek(civil).year % 100),
  m: numeric(2, ({ month }) => month),
  B: textual(({ month }) => MONTHS[month - 1]!),
  b: textual(({ month }) => MONTHS[month - 1]!.slice(0, 3)),
  h: textual(({ month }) => MONTHS[month - 1]!.slice(0, 3)),
  A: textual(({ weekday }) => WEEKDAYS[weekday]!),
  a: textual(({ weekday }) => WEEKDAYS[weekday]!.slice(0, 3)),
  w: numeric(0, ({ weekday }) => weekday),
  u: numeric(0, ({ weekday }) => weekday || 7),
  V: numeric(2, (civil) => isoWeek(civil).week),
  U: numeric(2, (civil) => weekOfYear(civil, 0)),
  W: numeric(2, (civil) => weekOfYear(civil, 1)),
  e: numeric(2, ({ day }) => day, ' '),
  d: numeric(2, ({ day }) => day),
  j: numeric(3, ({ yearDay }) => yearDay),
  k: numeric(2, ({ hour }) => hour, ' '),
  H: numeric(2, ({ hour }) => hour),
  l: numeric(2, ({ hour }) => hourOfHalfDay(hour), ' '),
  I: numeric(2, ({ hour }) => hourOfHalfDay(hour)),
  P: (modifiers) => textual(halfOfDay)({ ...modifiers, isSwapped: !(modifiers.isUpper || modifiers.isSwapped) }),
  p: textual(halfOfDay),
  M: numeric(2, ({ minute }) => minute),
  S: numeric(2, ({ second }) => second),
  s: numeric(0, ({ epochSeconds }) => epochSeconds, ' '),
  f: numericOr(6, ({ nanosecond }) => Math.trunc(nanosecond / 1000)),
  Z: (modifiers) => (civil) => (civil.abbreviation === '' ? writeOffset(modifiers)(civil) : textOf(civil.abbreviation, modifiers)),
  z: writeOffset,
  t: literalText('\t'),
  n: literalText('\n'),
  '%': literalText('%'),
};
