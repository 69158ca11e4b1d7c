import { defineMethod } from '@sluice/bloblang';
import {
  addNanoseconds,
  addPeriod,
  INT64_MAX,
  INT64_MIN,
  negatePeriod,
  parsePeriod,
  type Timestamp,
  wrapNanoseconds,
} from '@sluice/values';

const PERIOD = { name: 'duration', type: 'string', description: 'An ISO 8601 duration such as `P1Y2M3DT4H5M6S`.' } as const;

export const tsAddIso8601 = defineMethod('ts_add_iso8601', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The time an ISO 8601 duration later. Years, months, weeks and days go by the calendar, so that their length varies.',
  receiver: 'timestamp',
  isPlugin: true,
  isStatic: true,
  parameters: [PERIOD],
  examples: [
    {
      mapping: 'root.due = this.at.ts_add_iso8601("P1MT30M")',
      input: { at: '2024-02-29T23:30:00Z' },
      output: { due: '2024-03-30T00:00:00Z' },
    },
    {
      summary: 'A month that lacks the day runs over into the next.',
      mapping: 'root.due = this.at.ts_add_iso8601("P1M")',
      input: { at: '2024-01-31T00:00:00Z' },
      output: { due: '2024-03-02T00:00:00Z' },
    },
  ],
  prepare: ([duration]) => {
    const period = parsePeriod(duration);
    return (timestamp) => addPeriod(timestamp, period);
  },
});

export const tsSubIso8601 = defineMethod('ts_sub_iso8601', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The time an ISO 8601 duration earlier. Years, months, weeks and days go by the calendar, so that their length varies.',
  receiver: 'timestamp',
  isPlugin: true,
  isStatic: true,
  parameters: [PERIOD],
  examples: [
    {
      mapping: 'root.since = this.at.ts_sub_iso8601("P1W")',
      input: { at: '2024-03-07T12:00:00Z' },
      output: { since: '2024-02-29T12:00:00Z' },
    },
    {
      mapping: 'root.since = this.at.ts_sub_iso8601("P1DT1H")',
      input: { at: '2024-03-01T00:30:00Z' },
      output: { since: '2024-02-28T23:30:00Z' },
    },
  ],
  prepare: ([duration]) => {
    const period = negatePeriod(parsePeriod(duration));
    return (timestamp) => addPeriod(timestamp, period);
  },
});

/** Multiples of a duration are counted from the year 1. */
const YEAR_1_TO_1970 = 62_135_596_800_000_000_000n;

export const tsRound = defineMethod('ts_round', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The time rounded to a multiple of a duration, counted from the year 1 in UTC; half of it rounds up.',
  receiver: 'timestamp',
  isPlugin: true,
  isStatic: true,
  parameters: [
    { name: 'duration', type: 'integer', description: 'The duration in nanoseconds. The time stays as it is if this is not positive.' },
  ],
  examples: [
    {
      mapping: 'root.hour = this.at.ts_round("1h".parse_duration())',
      input: { at: '2024-02-29T23:30:00Z' },
      output: { hour: '2024-03-01T00:00:00Z' },
    },
    {
      mapping: 'root.at = this.at.ts_round(1000000000)',
      input: { at: '2024-02-29T23:30:00.499Z' },
      output: { at: '2024-02-29T23:30:00Z' },
    },
  ],
  evaluate: (timestamp, [duration]) => round(timestamp, duration),
});

function round(timestamp: Timestamp, duration: bigint): Timestamp {
  if (duration <= 0n) return timestamp;
  const rest = (((timestamp.nanoseconds + YEAR_1_TO_1970) % duration) + duration) % duration;
  return addNanoseconds(timestamp, rest * 2n < duration ? -rest : duration - rest);
}

export const tsSub = defineMethod('ts_sub', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The nanoseconds from the argument to the target, negative if the target is earlier.',
  receiver: 'timestamp',
  isPlugin: true,
  isStatic: true,
  parameters: [{ name: 't2', type: 'timestamp', description: 'The timestamp to count from.' }],
  examples: [
    {
      mapping: 'root.took_ms = this.end.ts_sub(this.start) / 1000000',
      input: { start: '2024-02-29T23:59:59.5Z', end: '2024-03-01T00:00:00.25Z' },
      output: { took_ms: 750 },
    },
    { mapping: 'root.ago = this.at.ts_sub("2024-03-01T00:00:00Z")', input: { at: '2024-02-29T23:59:59Z' }, output: { ago: -1000000000 } },
  ],
  evaluate: (timestamp, [other]) => saturated(wrapNanoseconds(timestamp.nanoseconds) - wrapNanoseconds(other.nanoseconds)),
});

/** Beyond 292 years a difference stays at the largest that there is. */
const saturated = (nanoseconds: bigint): bigint =>
  nanoseconds > INT64_MAX ? INT64_MAX : nanoseconds < INT64_MIN ? INT64_MIN : nanoseconds;
