import { expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

it.each([
  ['jq: { query: ".a |" }', '`root.pipeline.processors.0`: bad jq query: '],
  ["jmespath: { query: 'a.[' }", '`root.pipeline.processors.0`: failed to compile JMESPath query: '],
  ["grok: { expressions: ['%{NOPE:x}'] }", "`root.pipeline.processors.0`: failed to compile Grok pattern '%{NOPE:x}': "],
  ["grok: { expressions: ['('] }", "`root.pipeline.processors.0`: failed to compile Grok pattern '(': "],
  ['json_schema: { schema: "{" }', '`root.pipeline.processors.0`: '],
  ['avro: { operator: to_json, schema: "{" }', '`root.pipeline.processors.0`: failed to parse schema: '],
  ['avro: { operator: to_json }', '`root.pipeline.processors.0`: a schema must be specified with either'],
  ["protobuf: { operator: to_json, message: '' }", '`root.pipeline.processors.0`: message field must not be empty'],
  ['protobuf: { operator: to_json, message: a.B }', "`root.pipeline.processors.0`: unable to find message 'a.B' definition within '[]'"],
  ['json_schema: {}', '`root.pipeline.processors.0`: either schema or schema_path must be provided'],
])('finds what a start would refuse: %s', (processor, beginning) => {
  const found = problemsOf(processor);
  expect(found).toEqual([{ line: 1, severity: 'error', message: expect.stringMatching(/./) }]);
  expect(found[0]!.message.slice(0, beginning.length)).toBe(beginning);
});

it.each([
  'jq: { query: ".a" }',
  'jmespath: { query: a.b }',
  "grok: { expressions: ['%{WORD:x}'] }",
  "grok: { expressions: ['%{OWN:x}'], pattern_paths: [/no/such/file] }",
  'avro: { operator: to_json, schema: \'"int"\' }',
  'avro: { operator: from_json, schema_path: file:///no/such/file }',
  'protobuf: { operator: to_json, message: a.B, import_paths: [/no/such/folder] }',
  'json_schema: { schema: "{}" }',
  'json_schema: { schema_path: file:///no/such/file }',
])('finds nothing in what may be right: %s', (processor) => {
  expect(problemsOf(processor)).toEqual([]);
});

function problemsOf(processor: string) {
  const text = `pipeline: { processors: [{ ${processor} }] }\ninput: { stdin: {} }\noutput: { stdout: {} }\n`;
  const { problems } = compileConfig([{ name: 'c.yaml', text }], { env: {} });
  return problems.map(({ line, severity, message }) => ({ line, severity, message }));
}
