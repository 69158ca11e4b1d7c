import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { compileConfig, loadConfig } from './load-config.ts';
import { renderProblem } from './problem/render-problem.ts';

const VALID = [
  `input:
  label: in
  aws_kinesis:
    streams: [a, "arn:aws:kinesis:eu-west-1:1:stream/b"]
    checkpoint_limit: 10
pipeline:
  processors:
    - mapping: |
        root = this
        root.at = now()
    - switch:
        - check: this.a == 1
          processors: [{archive: {format: lines}}]
output:
  label: out
  processors: [{compress: {algorithm: gzip}}]
  aws_kinesis:
    stream: \${STREAM:out}
    partition_key: '\${! json("id") }'
    hash_key: "\${! metadata(\\"h\\") }"
    max_in_flight: 4
    batching: {byte_size: 1000, check: 'batch_size() > 3'}
    credentials: &credentials {id: a, secret: b}
output_resources:
  - label: second
    aws_kinesis: {stream: other, partition_key: k, credentials: *credentials}
logger: {level: DEBUG}
`,
  `kind: io.statefun.kinesis.v1/ingress
spec:
  id: com.example/in
  awsRegion: {type: custom-endpoint, endpoint: "https://localhost:4567", id: us-west-1}
  awsCredentials: {type: basic, accessKeyId: A, secretAccessKey: 0123}
  startupPosition: {type: date, date: 2020-02-01 04:15:00.000 +0000}
  streams:
    - stream: users
      valueType: com.example/User
      targets: [com.example/out, com.example.fn/greet]
  clientConfigProperties:
    - SocketTimeout: 9999
    - flink.shard.getrecords.intervalmillis: 500
---
kind: io.statefun.kinesis.v1/egress
spec:
  id: com.example/out
  maxOutstandingRecords: 9999
  clientConfigProperties: [{RecordTtl: 1000}]
---
kind: io.statefun.endpoints.v2/http
spec:
  functions: com.example.fn/*
  urlPathTemplate: http://host:8000/{function.name}
  transport: {type: io.statefun.transports.v1/okhttp, timeouts: {call: 1 min}}
---
sluice:
  redis: {url: "rediss://user:pass@host:6380/2"}
  lanes: 4
  egresses: {com.example/out: {stream: s}}
`,
  `version: "3.0"
module:
  meta: {type: remote}
  spec:
    endpoints: [{endpoint: {meta: {kind: http}, spec: {functions: a/*, urlPathTemplate: "http://h/{function.name}"}}}]
    ingresses:
      - ingress:
          meta: {type: io.statefun.kinesis/ingress, id: a/in}
          spec: {streams: [{stream: s, valueType: a/b, targets: [a/f]}]}
    egresses: []
`,
];

describe('configuration that has no problem', () => {
  it.each(VALID)('%#', (text) => {
    expect(compileConfig([{ name: 'valid.yaml', text }], { env: {} }).problems).toEqual([]);
  });
});

/** All but the line feed that ends a line. */
const CONTROL_CHARACTER = /(?!\n)\p{Cc}/u;

describe('malformed input', () => {
  const { seed } = randomFor('malformed input');

  it(`is answered with problems inside the file, never with an exception (SLUICE_TEST_SEED=${seed})`, () => {
    const random = new SeededRandom(seed).below;
    for (let round = 0; round < 1_500; round++) {
      const text = mutate(VALID[random(VALID.length)]!, random);
      const options = { env: {}, strict: random(2) === 0, chilled: random(2) === 0 };
      const { problems, sources } = compileConfig([{ name: 'mutated.yaml', text }], options);
      const lines = text.replace(/^\uFEFF/, '').split('\n');
      for (const problem of problems) {
        const line = lines[problem.line - 1];
        expect({ text, problem, isInside: line !== undefined && problem.column >= 1 && problem.column <= line.length + 1 }).toEqual({
          text,
          problem,
          isInside: true,
        });
        const rendered = renderProblem(problem, sources);
        expect(rendered).toContain(`mutated.yaml(${problem.line},${problem.column}) `);
        expect(rendered).not.toMatch(CONTROL_CHARACTER);
      }
    }
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('takes `%s` for an unknown name wherever it stands', (name) => {
    const texts = [
      `${name}: { a: 1 }\noutput: { aws_kinesis: { stream: s, partition_key: k } }\n`,
      `output: { ${name}: { stream: s } }\n`,
      `output: { aws_kinesis: { stream: s, partition_key: k, ${name}: 1 } }\n`,
      `kind: ${name}\nspec: {}\n`,
      `version: "3.0"\nmodule: { meta: { type: remote }, spec: { ingresses: [{ ingress: { meta: { type: ${name}, id: a/b }, spec: {} } }] } }\n`,
      `sluice: { ${name}: 1 }\n`,
    ];
    for (const text of texts) {
      const { problems } = compileConfig([{ name: 'c.yaml', text }], { env: {} });
      expect({ text, errors: problems.filter(({ severity }) => severity === 'error').length > 0 }).toEqual({ text, errors: true });
    }
  });

  it.each([
    ['flow lists', `output: ${'['.repeat(100_000)}`, 'yaml.nesting', 1],
    ['block maps', Array.from({ length: 1_500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'yaml.nesting', 201],
    [
      'a chain of aliases',
      `a0: &a0 [x]\n${Array.from({ length: 5_000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join('')}output: *a5000`,
      'yaml.alias',
      200,
    ],
    [
      'aliases that explode',
      `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]\n`).join('')}output: *a12`,
      'yaml.alias',
      6,
    ],
    ['an alias of itself', 'output: &a [*a]', 'yaml.alias', 1],
  ])('%s are refused where they go too far', (_, text, code, line) => {
    const { problems } = compileConfig([{ name: 'deep.yaml', text }], { env: {} });

    expect(problems.map((problem) => ({ code: problem.code, line: problem.line }))).toEqual(expect.arrayContaining([{ code, line }]));
    expect(problems.length).toBeLessThan(5);
  });

  it('answers a file of 1 MB that is full of mistakes, and refuses one of 10 MB at once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-config-'));
    const [large, huge] = [join(directory, 'large.yaml'), join(directory, 'huge.yaml')];
    writeFileSync(large, `output:\n${'  wrong_field_of_output: {a: 1, b: [1, 2]}\n'.repeat(24_000)}`);
    writeFileSync(huge, 'a'.repeat(10_000_000));

    const { problems } = await loadConfig({ files: [large, huge], env: {} });

    expect(problems.filter(({ file }) => file === large).length).toBeGreaterThan(0);
    expect(problems.filter(({ file }) => file === huge)).toEqual([
      {
        severity: 'error',
        file: huge,
        line: 1,
        column: 1,
        code: 'file.too-large',
        message: 'is 9.5 MiB; a configuration file may hold at most 4.0 MiB',
      },
    ]);
  });

  it.each([
    ['references that never end', '${A:'.repeat(500_000)],
    ['nested references', `output: ${'${A:${'.repeat(200_000)}}`],
    ['escapes', '${{A:'.repeat(200_000)],
  ])('reads %s in linear time', (_, text) => {
    const work = () => compileConfig([{ name: 'a.yaml', text: `# ${text}` }], { env: {}, chilled: true });
    expect(cpuMs(work)).toBeLessThan(5_000);
  });
});

const JUNK = [
  '[',
  ']',
  '{',
  '}',
  ':',
  ' ',
  '\n',
  '---\n',
  '"',
  "'",
  '&a',
  '*a',
  '*credentials',
  '<<: *credentials',
  '!!int',
  '|',
  '>',
  '- ',
  '#',
  '${',
  '${X}',
  '${! ',
  '\t',
  '\u0000',
  'é',
  '🙂',
  '~',
  'null',
  '-1',
  '1e9',
  '"',
  ',',
  'sluice:',
  'kind:',
  '?',
  '%',
  '@',
  '\uFEFF',
  '\r\n',
  '__proto__: 1\n',
  'constructor: {a: 1}\n',
];

function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const at = random(result.length + 1);
    const lines = result.split('\n');
    const line = random(lines.length);
    const edit = random(6);
    if (edit === 0) result = result.slice(0, at) + JUNK[random(JUNK.length)] + result.slice(at);
    else if (edit === 1) result = result.slice(0, at) + result.slice(at + 1 + random(12));
    else if (edit === 2) result = lines.toSpliced(line, 1).join('\n');
    else if (edit === 3) result = lines.toSpliced(line, 0, lines[random(lines.length)]!).join('\n');
    else if (edit === 4) result = lines.with(line, lines[line]!.replace(/: .*/, `: ${JUNK[random(JUNK.length)]}`)).join('\n');
    else result = lines.with(line, ' '.repeat(random(8)) + lines[line]!.trimStart()).join('\n');
  }
  return result;
}
