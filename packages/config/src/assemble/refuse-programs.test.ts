import { expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

const FILE = `input: { stdin: {} }
pipeline:
  processors:
    - command: { name: jq }
    - command: { name: '\${! @program }' }
    - branch: { processors: [{ subprocess: { name: sed } }] }
output: { stdout: {} }
`;
const HOW = 'is not allowed; name what may run in `sluice.commands.allowed` (SLUICE_COMMANDS_ALLOWED)';

const CASES: ReadonlyArray<[allowed: string | undefined, ...refused: Array<[line: number, type: string, what: string]>]> = [
  [undefined, [4, 'command', 'the program `jq`'], [5, 'command', 'programs'], [6, 'subprocess', 'the program `sed`']],
  ['jq', [6, 'subprocess', 'the program `sed`']],
  ['jq, sed'],
  ['*'],
];

it.each(CASES)('refuses programs unless they are allowed: %s', (allowed, ...refused) => {
  const { problems } = compileConfig([{ name: 'c.yaml', text: FILE }], { env: { SLUICE_COMMANDS_ALLOWED: allowed } });
  expect(problems.map(({ line, code, message }) => [line, code, message])).toEqual(
    refused.map(([line, type, what]) => [line, 'component.unsupported', `processor \`${type}\`: running ${what} ${HOW}`]),
  );
});

it('refuses each once, also in what is referred to', () => {
  const text = `input: { aws_kinesis: { streams: [a] } }
output: { fallback: [{ resource: r }, { resource: r }] }
output_resources: [{ label: r, drop: {}, processors: [{ command: { name: jq } }] }]
`;
  const { problems } = compileConfig([{ name: 'c.yaml', text }], { env: {} });
  expect(problems.map(({ line, message }) => [line, message])).toEqual([[3, `processor \`command\`: running the program \`jq\` ${HOW}`]]);
});

it('checks the fields of both', () => {
  const text = `pipeline: { processors: [{ command: {} }, { subprocess: { name: '', max_buffer: 0, codec_recv: csv } }] }\noutput: { stdout: {} }\n`;
  const { problems } = compileConfig([{ name: 'c.yaml', text }], { env: { SLUICE_COMMANDS_ALLOWED: '*' } });
  expect(problems.map(({ message }) => message)).toEqual([
    'required field `name` is missing in `pipeline.processors.0.command`',
    '`name`: must not be empty',
    '`max_buffer`: must be at least 1, got 0',
    '`codec_recv`: expected one of `lines`, `length_prefixed_uint32_be`, `netstring`, got `csv`',
  ]);
});
