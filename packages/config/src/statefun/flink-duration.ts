const UNITS: ReadonlyArray<readonly [milliseconds: number, names: readonly string[]]> = [
  [86_400_000, ['d', 'day', 'days']],
  [3_600_000, ['h', 'hour', 'hours']],
  [60_000, ['m', 'min', 'minute', 'minutes']],
  [1_000, ['s', 'sec', 'secs', 'second', 'seconds']],
  [1, ['ms', 'milli', 'millis', 'millisecond', 'milliseconds', '']],
  [1e-3, ['µs', 'micro', 'micros', 'microsecond', 'microseconds']],
  [1e-6, ['ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds']],
];

/** Milliseconds of a duration as Flink writes it: `1 min`, `10s`, `5000` (milliseconds). `undefined` where Flink refuses it. */
export function parseFlinkDuration(text: string): number | undefined {
  const match = /^\s*(\d+)\s*([\p{L}]*)\s*$/u.exec(text);
  if (!match) return undefined;
  const unit = match[2]!.toLowerCase().replace('μ', 'µ');
  const milliseconds = UNITS.find(([, names]) => names.includes(unit))?.[0];
  const value = milliseconds === undefined ? Number.NaN : Number(match[1]) * milliseconds;
  return Number.isFinite(value) ? value : undefined;
}
