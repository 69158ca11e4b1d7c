import { defineFunction } from '@sluice/bloblang';
import { LOCAL, Timestamp } from '@sluice/values';

/** Where the monotonic clock stood at a wall clock time; renewed when the two drift apart. */
let anchor = { wallMs: Date.now(), monotonic: process.hrtime.bigint() };
const MAX_DRIFT_MS = 5;

/** Nanoseconds since 1970: the wall clock, with the steps in between from the monotonic one. */
export function nowNanoseconds(): bigint {
  const wallMs = Date.now();
  const monotonic = process.hrtime.bigint();
  const estimate = BigInt(anchor.wallMs) * 1_000_000n + (monotonic - anchor.monotonic);
  if (Math.abs(Number(estimate / 1_000_000n) - wallMs) <= MAX_DRIFT_MS) return estimate;
  anchor = { wallMs, monotonic };
  return BigInt(wallMs) * 1_000_000n;
}

export const now = defineFunction('now', {
  category: 'Environment',
  status: 'stable',
  description: 'The time as RFC 3339 text, in the time zone of the process.',
  examples: [{ mapping: 'root.at = now()' }, { mapping: 'root.day = now().slice(0, 10)' }],
  evaluate: () => new Timestamp(nowNanoseconds(), LOCAL).toString(),
});

const unixFunction = (suffix: string, unit: string, divisor: bigint) =>
  defineFunction(`timestamp_unix${suffix}`, {
    category: 'Environment',
    status: 'stable',
    description: `The time in ${unit} since 1970.`,
    examples: [{ mapping: `root.at = timestamp_unix${suffix}()` }],
    evaluate: () => nowNanoseconds() / divisor,
  });

export const timestampUnix = unixFunction('', 'seconds', 1_000_000_000n);
export const timestampUnixMilli = unixFunction('_milli', 'milliseconds', 1_000_000n);
export const timestampUnixMicro = unixFunction('_micro', 'microseconds', 1_000n);
export const timestampUnixNano = unixFunction('_nano', 'nanoseconds', 1n);
