import { type Civil, CYCLE_SECONDS, CYCLE_YEARS, clockSeconds } from './civil.ts';
import { Timestamp } from './timestamp.ts';
import type { Zone } from './zone.ts';

/** The timestamp at which the clock of a zone shows a reading. In a gap or an overlap, the choice of Go's `time.Date`. */
export function fromCivil(civil: Civil, zone: Zone): Timestamp {
  const clock = clockSeconds(civil);
  const guess = zone.at(clock).offsetSeconds;
  const offset = zone.at(clock - guess).offsetSeconds;
  if (Number.isSafeInteger(clock)) return atSecond(clock - offset, civil.nanosecond, zone);
  const cycles = Math.floor(civil.year / CYCLE_YEARS);
  const near = clockSeconds({ ...civil, year: civil.year - cycles * CYCLE_YEARS }) - offset;
  const seconds = BigInt(near) + BigInt(cycles) * CYCLE_SECONDS;
  return new Timestamp(wrapNanoseconds(seconds * SECOND + BigInt(civil.nanosecond)), zone);
}

/** A timestamp from seconds since 1970 and the nanoseconds beyond. */
export function atSecond(epochSeconds: number, nanosecond: number, zone: Zone): Timestamp {
  const nanoseconds = BigInt(epochSeconds) * SECOND + BigInt(nanosecond);
  return new Timestamp(Math.abs(epochSeconds) < NEAR ? nanoseconds : wrapNanoseconds(nanoseconds), zone);
}

/** Seconds from 1970 within which time does not start over: some 30,000 years. */
const NEAR = 1e12;

/** The timestamp so many nanoseconds later. */
export const addNanoseconds = (timestamp: Timestamp, nanoseconds: bigint): Timestamp =>
  new Timestamp(wrapNanoseconds(timestamp.nanoseconds + nanoseconds), timestamp.zone);

const SECOND = 1_000_000_000n;
/** Go counts seconds since year 1, */
const YEAR_1_TO_1970 = 62_135_596_800n * SECOND;
/** in an int64. */
const SPAN = 2n ** 64n * SECOND;

/** Nanoseconds since 1970 as Go holds them: beyond 292 billion years time starts over. */
export function wrapNanoseconds(nanoseconds: bigint): bigint {
  const sinceYear1 = nanoseconds + YEAR_1_TO_1970;
  if (sinceYear1 >= -SPAN / 2n && sinceYear1 < SPAN / 2n) return nanoseconds;
  const rest = (sinceYear1 + SPAN / 2n) % SPAN;
  return (rest < 0n ? rest + SPAN : rest) - SPAN / 2n - YEAR_1_TO_1970;
}
