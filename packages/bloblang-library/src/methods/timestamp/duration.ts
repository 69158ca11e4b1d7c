import { defineMethod } from '@sluice/bloblang';
import { approximateNanoseconds, parseDuration as nanosecondsOf, parsePeriod } from '@sluice/values';

export const parseDuration = defineMethod('parse_duration', {
  category: 'Timestamp Manipulation',
  status: 'stable',
  description: 'The nanoseconds of a duration: numbers, maybe with a fraction, each with a unit of `ns`, `us`, `ms`, `s`, `m` or `h`.',
  receiver: 'string',
  isPlugin: true,
  isStatic: true,
  examples: [
    { mapping: 'root.ns = this.every.parse_duration()', input: { every: '1.5ms' }, output: { ns: 1500000 } },
    { mapping: 'root.seconds = this.every.parse_duration() / 1000000000', input: { every: '-1h15m' }, output: { seconds: -4500 } },
  ],
  evaluate: nanosecondsOf,
});

export const parseDurationIso8601 = defineMethod('parse_duration_iso8601', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The nanoseconds of an ISO 8601 duration. Days count 24 hours, years 365.2425 days, and months a twelfth of that.',
  receiver: 'string',
  isPlugin: true,
  isStatic: true,
  examples: [
    { mapping: 'root.ns = this.every.parse_duration_iso8601()', input: { every: 'PT0.25S' }, output: { ns: 250000000 } },
    { mapping: 'root.hours = this.every.parse_duration_iso8601() / 3600000000000', input: { every: 'P1W2D' }, output: { hours: 216 } },
  ],
  evaluate: (text) => approximateNanoseconds(parsePeriod(text)),
});
