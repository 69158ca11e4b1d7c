import type { StartPosition } from '@sluice/core';
import { SpecFault, type SpecReader } from './spec-reader.ts';

/** Where to start, and its value as properties of Flink's connector. */
export interface CompiledStart {
  readonly start: StartPosition;
  readonly connectorProperties: Readonly<Record<string, string>>;
}

const PATTERN = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3}) ([+-])(\d{2})(\d{2})$/;
/** The form of the documentation's example, which the original parser refuses. */
const DOCUMENTED = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\.(\d{2,3}) Z$/;
const LATEST: CompiledStart = { start: { type: 'latest' }, connectorProperties: { 'flink.stream.initpos': 'LATEST' } };

export function compileStart(spec: SpecReader): CompiledStart {
  const position = spec.object('startupPosition', '; write for example `startupPosition: {type: earliest}`');
  if (!position) return LATEST;
  const type = position.text('type');
  position.warnAboutUnknown(type === 'date' ? ['type', 'date'] : ['type'], () => '');
  if (type === 'latest') return LATEST;
  if (type === 'earliest') return { start: { type: 'earliest' }, connectorProperties: { 'flink.stream.initpos': 'TRIM_HORIZON' } };
  if (type === 'date') return compileDate(position);
  throw new SpecFault(
    'field.value',
    position.require('type').position,
    `invalid startup position type \`${type}\`; valid values are earliest, latest, date`,
  );
}

function compileDate(position: SpecReader): CompiledStart {
  const written = position.text('date');
  const documented = DOCUMENTED.exec(written);
  const text = documented ? `${documented[1]}.${documented[2]!.padEnd(3, '0')} +0000` : written;
  if (documented) {
    position.log.tolerate(
      'module.documented-mistake',
      position.require('date').position,
      `\`${written}\` is the documentation's form, which Stateful Functions refuses; write \`${text}\``,
    );
  }
  const date = readDate(text);
  if (!date)
    throw position.fault(
      'date',
      `\`${written}\` does not conform to the pattern yyyy-MM-dd HH:mm:ss.SSS Z, for example \`2020-02-01 04:15:00.000 +0000\``,
    );
  return {
    start: { type: 'timestamp', timestampMs: date.timestampMs },
    connectorProperties: { 'flink.stream.initpos': 'AT_TIMESTAMP', 'flink.stream.initpos.timestamp': date.iso },
  };
}

/** Java's SMART resolver: a day past the month's end is its last day, 24:00:00.000 is the next midnight. */
function readDate(text: string): { timestampMs: number; iso: string } | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second, millis] = match.slice(1, 8).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [sign, offsetHours, offsetMinutes] = [match[8] === '-' ? -1 : 1, Number(match[9]), Number(match[10])];
  const isMidnight = hour === 24 && minute === 0 && second === 0 && millis === 0;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if ((hour > 23 && !isMidnight) || minute > 59 || second > 59) return undefined;
  if (offsetMinutes > 59 || offsetHours * 60 + offsetMinutes > 18 * 60) return undefined;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, Math.min(day, lastDay(year, month)));
  local.setUTCHours(hour, minute, second, millis);
  const isZero = offsetHours === 0 && offsetMinutes === 0;
  const offset = isZero ? 'Z' : `${match[8]}${match[9]}:${match[10]}`;
  return {
    timestampMs: local.getTime() - sign * (offsetHours * 60 + offsetMinutes) * 60_000,
    iso: local.toISOString().replace('Z', offset),
  };
}

function lastDay(year: number, month: number): number {
  const first = new Date(0);
  first.setUTCFullYear(year, month, 0);
  return first.getUTCDate();
}
