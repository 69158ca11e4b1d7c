/** Reads timestamps by the conversions of `strptime`, as the original's library does. */
import { BloblangError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { readConversion } from './read-conversion.ts';
import { COMPOSITIONS } from './strftime.ts';
import { StrptimeReader } from './strptime-reader.ts';
import { toTimestamp } from './strptime-result.ts';
import type { Timestamp } from './timestamp.ts';

type Step = (reader: StrptimeReader) => void;

/** A format that makes no sense fails when it is used, after what stands before the mistake has been read. */
export function compileStrptime(format: string): (text: string) => Timestamp {
  const steps = compileSteps(format);
  return (text) => {
    const reader = new StrptimeReader(text);
    try {
      for (const step of steps) step(reader);
      if (reader.position < text.length) throw new BloblangError(`unparsed string ${quote(text.slice(reader.position))}`);
      return toTimestamp(reader);
    } catch (error) {
      if (!(error instanceof BloblangError)) throw error;
      throw new BloblangError(`failed to parse ${quote(text)} with ${quote(format)}: ${error.message}`);
    }
  };
}

const CONVERSION = /%(?::{0,2}z|:{2}|:|[^:]|$)/gs;

function compileSteps(format: string): Step[] {
  const steps: Step[] = [];
  let end = 0;
  for (const { 0: conversion, index } of format.matchAll(CONVERSION)) {
    if (index > end) steps.push(literal(format.slice(end, index)));
    steps.push(...compileConversion(conversion.slice(1)));
    end = index + conversion.length;
  }
  if (end < format.length) steps.push(literal(format.slice(end)));
  return steps;
}

const literal =
  (text: string): Step =>
  (reader) => {
    for (const character of text) reader.expect(character);
  };

function compileConversion(conversion: string): Step[] {
  const letter = conversion.at(-1);
  if (letter === undefined) return [failing('stray "%"')];
  if (letter === ':') return [failing(`expected 'z' after "%${conversion}"`)];
  const composition = COMPOSITIONS[letter];
  if (composition === undefined) return [(reader) => readConversion(reader, letter, conversion.length - 1)];
  return [...composition].map((part) => (/[a-z]/i.test(part) ? (reader) => readConversion(reader, part, 0) : literal(part)));
}

const failing =
  (message: string): Step =>
  () => {
    throw new BloblangError(message);
  };
