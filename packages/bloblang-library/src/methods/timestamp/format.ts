import { type Documented, defineMethod, type Parameter } from '@sluice/bloblang';
import { compileFormat, compileStrftime, Timestamp } from '@sluice/values';
import { loadZone } from './zone.ts';

const TZ = {
  name: 'tz',
  type: 'string',
  optional: true,
  description:
    'The time zone to show the time in: `UTC`, `Local`, or an IANA name. Without it a timestamp stays in its own zone, and unix seconds are shown in the zone of the process.',
} as const satisfies Parameter;

const GO_FORMAT = {
  name: 'format',
  type: 'string',
  default: '2006-01-02T15:04:05.999999999Z07:00',
  description: 'How the time `Mon Jan 2 15:04:05 MST 2006` would look.',
} as const satisfies Parameter;

const STRFTIME_FORMAT = {
  name: 'format',
  type: 'string',
  description: 'The conversions of `strftime`, with `%f` for microseconds.',
} as const satisfies Parameter;

type Compile = (format: string) => (timestamp: Timestamp) => string;

const prepareWith =
  (compile: Compile) =>
  ([format, tz]: readonly [string, string | undefined]) => {
    const write = compile(format);
    if (tz === undefined) return write;
    const zone = loadZone(tz);
    return (timestamp: Timestamp) => write(new Timestamp(timestamp.nanoseconds, zone));
  };

const formatMethod = (name: string, documented: Pick<Documented, 'category' | 'status' | 'description' | 'examples'>) =>
  defineMethod(name, {
    ...documented,
    receiver: 'timestamp',
    isPlugin: true,
    isStatic: true,
    parameters: [GO_FORMAT, TZ],
    prepare: prepareWith(compileFormat),
  });

export const tsFormat = formatMethod('ts_format', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The time as text, in a format given by how a reference time would look in it.',
  examples: [
    {
      mapping: 'root.day = this.at.ts_format("Monday, 2 January 2006")',
      input: { at: '2024-02-29T23:30:00.25Z' },
      output: { day: 'Thursday, 29 February 2024' },
    },
    {
      summary: 'Unix seconds, shown in a time zone.',
      mapping: 'root.at = this.at.ts_format(format: "15:04:05.000 MST", tz: "Europe/Berlin")',
      input: { at: 1709249400.25 },
      output: { at: '00:30:00.250 CET' },
    },
  ],
});

export const formatTimestamp = formatMethod('format_timestamp', {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Use `ts_format`.',
  examples: [
    { mapping: 'root.day = this.at.format_timestamp("02.01.06")', input: { at: '2024-02-29T23:30:00Z' }, output: { day: '29.02.24' } },
  ],
});

const strftimeMethod = (name: string, documented: Pick<Documented, 'category' | 'status' | 'description' | 'examples'>) =>
  defineMethod(name, {
    ...documented,
    receiver: 'timestamp',
    isPlugin: true,
    isStatic: true,
    parameters: [STRFTIME_FORMAT, TZ],
    prepare: prepareWith(compileStrftime),
  });

export const tsStrftime = strftimeMethod('ts_strftime', {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The time as text, in a format given by the conversions of `strftime`.',
  examples: [
    {
      mapping: 'root.at = this.at.ts_strftime("%d/%b/%Y:%T")',
      input: { at: '2024-02-29T23:30:00Z' },
      output: { at: '29/Feb/2024:23:30:00' },
    },
    {
      summary: 'Microseconds and another time zone.',
      mapping: 'root.at = this.at.ts_strftime("%H:%M:%S.%f %Z", "Asia/Tokyo")',
      input: { at: '2024-02-29T23:30:00.25Z' },
      output: { at: '08:30:00.250000 JST' },
    },
  ],
});

export const formatTimestampStrftime = strftimeMethod('format_timestamp_strftime', {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Use `ts_strftime`.',
  examples: [
    {
      mapping: 'root.week = this.at.format_timestamp_strftime("%G-W%V")',
      input: { at: '2024-12-30T00:00:00Z' },
      output: { week: '2025-W01' },
    },
  ],
});
