import { type Documented, defineMethod } from '@sluice/bloblang';
import { compileParse, compileStrptime, type Timestamp, type Value } from '@sluice/values';

type Documentation = Pick<Documented, 'category' | 'status' | 'description' | 'examples'>;
type Compile = (format: string) => (text: string) => Timestamp;

function parseMethod(
  name: string,
  formatDescription: string,
  compile: Compile,
  toResult: (timestamp: Timestamp) => Value,
  documentation: Documentation,
) {
  return defineMethod(name, {
    ...documentation,
    receiver: 'string',
    isPlugin: true,
    isStatic: true,
    parameters: [{ name: 'format', type: 'string', description: formatDescription }],
    prepare: ([format]) => {
      const parse = compile(format);
      return (text) => toResult(parse(text));
    },
  });
}

const GO_FORMAT = 'How the time `Mon Jan 2 15:04:05 MST 2006` would look in the text.';
const STRPTIME_FORMAT = 'The conversions of `strptime`, with `%f` for microseconds.';

const itself = (timestamp: Timestamp): Value => timestamp;
const asText = (timestamp: Timestamp): Value => timestamp.toString();

export const tsParse = parseMethod('ts_parse', GO_FORMAT, compileParse, itself, {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The timestamp that a text stands for, in a format given by how a reference time would look in it.',
  examples: [
    {
      mapping: 'root.at = this.at.ts_parse("02/01/2006 15:04")',
      input: { at: '29/02/2024 23:30' },
      output: { at: '2024-02-29T23:30:00Z' },
    },
    {
      summary: 'With an offset.',
      mapping: 'root.at = this.at.ts_parse("Jan _2 15:04:05.000 -0700 2006").ts_unix_milli()',
      input: { at: 'Feb  9 23:30:00.125 +0100 2024' },
      output: { at: 1707517800125 },
    },
  ],
});

export const parseTimestamp = parseMethod('parse_timestamp', GO_FORMAT, compileParse, asText, {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Use `ts_parse`. The result is text.',
  examples: [
    { mapping: 'root.at = this.at.parse_timestamp("2006-01-02")', input: { at: '2024-02-29' }, output: { at: '2024-02-29T00:00:00Z' } },
  ],
});

export const tsStrptime = parseMethod('ts_strptime', STRPTIME_FORMAT, compileStrptime, itself, {
  category: 'Timestamp Manipulation',
  status: 'beta',
  description: 'The timestamp that a text stands for, in a format given by the conversions of `strptime`.',
  examples: [
    {
      mapping: 'root.at = this.at.ts_strptime("%d/%b/%Y:%T %z")',
      input: { at: '29/Feb/2024:23:30:00 -0500' },
      output: { at: '2024-02-29T23:30:00-05:00' },
    },
    {
      summary: 'By the day of the year.',
      mapping: 'root.at = this.at.ts_strptime("%Y%j")',
      input: { at: '2024060' },
      output: { at: '2024-02-29T00:00:00Z' },
    },
  ],
});

export const parseTimestampStrptime = parseMethod('parse_timestamp_strptime', STRPTIME_FORMAT, compileStrptime, asText, {
  category: 'Deprecated',
  status: 'deprecated',
  description: 'Use `ts_strptime`. The result is text.',
  examples: [
    {
      mapping: 'root.at = this.at.parse_timestamp_strptime("%F %R")',
      input: { at: '2024-02-29 23:30' },
      output: { at: '2024-02-29T23:30:00Z' },
    },
  ],
});
