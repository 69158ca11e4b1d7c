import { defineMethod, type Example } from '@sluice/bloblang';

const SECOND = 1_000_000_000n;

/** The method and its deprecated twin. Whatever is left of a unit is dropped, towards the past. */
function unixMethods(suffix: string, unit: string, divisor: bigint, examples: readonly Example[]) {
  const shared = {
    receiver: 'timestamp',
    isPlugin: true,
    isStatic: true,
    evaluate: ({ nanoseconds }: { nanoseconds: bigint }) => BigInt.asIntN(64, floorDivide(nanoseconds, divisor)),
  } as const;
  const current = defineMethod(`ts_unix${suffix}`, {
    ...shared,
    category: 'Timestamp Manipulation',
    status: 'beta',
    description: `The time in ${unit} since 1970.`,
    examples,
  });
  const deprecated = defineMethod(`format_timestamp_unix${suffix}`, {
    ...shared,
    category: 'Deprecated',
    status: 'deprecated',
    description: `Use \`ts_unix${suffix}\`.`,
    examples: [
      {
        mapping: `root.at = this.at.format_timestamp_unix${suffix}()`,
        input: { at: '1970-01-01T00:00:01Z' },
        output: { at: Number(SECOND / divisor) },
      },
    ],
  });
  return [current, deprecated];
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

export const unix = [
  ...unixMethods('', 'seconds', SECOND, [
    { mapping: 'root.at = this.at.ts_unix()', input: { at: '2024-02-29T23:30:00Z' }, output: { at: 1709249400 } },
    {
      summary: 'Unix seconds lose their fraction.',
      mapping: 'root.at = this.at.ts_unix()',
      input: { at: 1709249400.75 },
      output: { at: 1709249400 },
    },
  ]),
  ...unixMethods('_milli', 'milliseconds', 1_000_000n, [
    { mapping: 'root.at = this.at.ts_unix_milli()', input: { at: '2024-02-29T23:30:00.5Z' }, output: { at: 1709249400500 } },
  ]),
  ...unixMethods('_micro', 'microseconds', 1_000n, [
    { mapping: 'root.at = this.at.ts_unix_micro()', input: { at: '2024-02-29T23:30:00.000250Z' }, output: { at: 1709249400000250 } },
  ]),
  ...unixMethods('_nano', 'nanoseconds', 1n, [
    { mapping: 'root.at = this.at.ts_unix_nano()', input: { at: '1970-01-02T00:00:00.000000001Z' }, output: { at: 86400000000001 } },
  ]),
];
