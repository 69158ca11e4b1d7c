import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import type { WorkerRole } from './worker-refusals.ts';

const OUTPUT = 'output: {aws_kinesis: {stream: s, partition_key: k}}\n';
const EGRESS = 'kind: io.statefun.kinesis.v1/egress\nspec: {id: a/out}\n';
const STREAM = 'sluice: {egresses: {a/out: {stream: s}}}\n';
const ENDPOINT = 'kind: io.statefun.endpoints.v2/http\nspec: {functions: ns/*, urlPathTemplate: "http://h"}\n';
const input = (fields: string) => `input: {aws_kinesis: {streams: [a]${fields}}}\n${OUTPUT}`;
const ingress = (targets: string, properties = '[]') =>
  `kind: io.statefun.kinesis.v1/ingress\nspec:\n  id: a/in\n  streams: [{stream: s, valueType: v, targets: [${targets}]}]\n  clientConfigProperties: ${properties}\n`;

describe('an ingress-worker', () => {
  it.each([
    [
      [
        ingress('a/out', '[{flink.stream.recordpublisher: EFO}, {flink.stream.efo.consumername: me}]'),
        EGRESS,
        STREAM,
        `input: {aws_kinesis: {streams: [s], enhanced_fan_out: {enabled: true, consumer_name: me}}}\n${OUTPUT}`,
      ],
      '3.yaml(1,37) worker.unsupported ingress `input/aws_kinesis` reads stream `s` with the same consumer as ingress `a/in`, and a shard pushes to one of them only; give one of them another by `sluice.ingresses.input/aws_kinesis.fan_out`',
    ],
    [
      [
        `input: {aws_kinesis: {streams: ['arn:aws:dynamodb:a:0:table/t/stream/1'], enhanced_fan_out: {enabled: true, consumer_name: me}}}\n${OUTPUT}`,
      ],
      '0.yaml(1,75) worker.unsupported ingress `input/aws_kinesis` reads `arn:aws:dynamodb:a:0:table/t/stream/1` with enhanced fan-out, which streams of tables do not have; have it polled by an empty `sluice.ingresses.input/aws_kinesis.fan_out`',
    ],
    [
      [ingress('a/out').replace('stream: s', "stream: 'arn:aws:dynamodb:eu-west-1:0:table/orders'"), EGRESS, STREAM],
      "0.yaml(4,13) worker.unsupported ingress `a/in` reads `arn:aws:dynamodb:eu-west-1:0:table/orders`, which is no stream; expected the ARN of a table's stream, which ends in `:table/NAME/stream/TIME`",
    ],
    ...['bad name', 'a:shardId-000000000000', 'arn:aws:kinesis:eu-west-1:0:stream/', 'arn:aws:sqs:eu-west-1:0:q', 'x'.repeat(129)].map(
      (stream): [string[], string] => [
        [ingress('a/out').replace('stream: s', `stream: '${stream}'`), EGRESS, STREAM],
        `0.yaml(4,13) worker.unsupported ingress \`a/in\` reads \`${stream}\`, which is no stream; expected the name of a stream (up to 128 letters, digits, \`_\`, \`.\` and \`-\`) or its ARN`,
      ],
    ),
  ])('refuses what it does not do: %#', (texts, expected) => {
    expect(errorsFor('ingress-worker', texts)).toEqual([expected]);
    expect(errorsFor('egress-worker', texts)).toEqual([]);
  });
});

describe('a time to come', () => {
  const nowMs = Date.UTC(2026, 0, 31);
  const errorsOf = (settings: string, file = input('')): string[] =>
    compileConfig([{ name: 'c.yaml', text: `${file}---\nsluice: {ingresses: {input/aws_kinesis: ${settings}}}\n` }], {
      ...{ env: {}, nowMs, workers: ['ingress-worker'] },
    }).problems.flatMap(({ severity, line, column, message }) => (severity === 'error' ? [`${line}:${column} ${message}`] : []));
  const WHY = ', a time to come, from which Kinesis does not read; name a time that has passed, or `latest`';

  it.each([
    ['{start: 2026-01-31T00:00:01Z}', `4:49 ingress \`input/aws_kinesis\` begins at 2026-01-31T00:00:01.000Z${WHY}`],
    ['{streams: {a: {start: 2026-02-01}}}', `4:63 stream \`a\` of ingress \`input/aws_kinesis\` begins at 2026-02-01T00:00:00.000Z${WHY}`],
    [
      '{streams: {a: {shards: {s1: 2027-02-01}}}}',
      `4:69 shard \`s1\` of stream \`a\` of ingress \`input/aws_kinesis\` begins at 2027-02-01T00:00:00.000Z${WHY}`,
    ],
  ])('is refused as a place to begin: %s', (settings, message) => {
    expect(errorsOf(settings)).toEqual([message]);
  });

  it('is refused where a module.yaml names it, and a time that has passed is not', () => {
    const module = ingress('ns/f').replace('spec:', 'spec:\n  startupPosition: {type: date, date: 2026-02-01 00:00:00.000 +0000}');
    expect(errorsOf('{}', `${module}---\n${ENDPOINT}`)).toEqual([`3:3 ingress \`a/in\` begins at 2026-02-01T00:00:00.000Z${WHY}`]);
    expect(errorsOf('{start: 2026-01-30T23:59:59Z, streams: {a: {start: -2h}}}')).toEqual([]);
  });
});

it('warns where more than two ingresses read the stream of a table', () => {
  const arn = 'arn:aws:dynamodb:eu-west-1:0:table/orders/stream/2026-01-31T12:00:00.000';
  const texts = ['one', 'two', 'three'].map(
    (name) => `${ingress('ns/f').replace('a/in', `a/${name}`).replace('stream: s', `stream: '${arn}'`)}`,
  );
  const warnings = (count: number) =>
    compileConfig(
      [...texts.slice(0, count), ENDPOINT].map((text, index) => ({ name: `${index}.yaml`, text })),
      { env: {}, workers: ['ingress-worker'] },
    ).problems.flatMap(({ file, message }) => (message.includes('turns') ? [`${file} ${message}`] : []));
  expect(warnings(2)).toEqual([]);
  expect(warnings(3)).toEqual([
    `2.yaml ingress \`a/three\` reads \`${arn}\` beside \`a/one\` and \`a/two\`; a shard of a table's stream has 2 readers at most, so they take turns; one ingress may have several targets`,
  ]);
});

it.each([
  ['{stream: a}', true],
  ['{stream: b}', false],
  ['{stream: "arn:aws:kinesis:eu-west-1:1:stream/a"}', true],
  ['{stream: "arn:aws:kinesis:eu-north-1:1:stream/a"}', false],
  ['{stream: a, region: eu-north-1}', false],
  ['{sqs: "https://sqs.eu-west-1.amazonaws.com/1/a"}', false],
])('warns where dead letters come in again: %s', (output, isWarned) => {
  const text = `${input(', region: eu-west-1')}---\nsluice: {dead_letters: {output: ${output}}}\n`;
  const { problems } = compileConfig([{ name: 'c.yaml', text }], { env: {}, workers: ['ingress-worker'] });
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual(
    isWarned
      ? [
          '1 ingress `input/aws_kinesis` reads `a`, to which `sluice.dead_letters.output.stream` sends dead letters: they come in again, and those that are dead again without end; send them to a stream of their own',
        ]
      : [],
  );
});

it('takes functions as targets', () => {
  expect(errorsFor('ingress-worker', [ingress('ns/f'), ENDPOINT])).toEqual([]);
  expect(errorsFor('function-worker', [ingress('ns/f'), ENDPOINT])).toEqual([]);
});

describe('an egress-worker', () => {
  it('takes the stream of an egress from each record, with a default or without', () => {
    expect([errorsFor('egress-worker', [EGRESS]), errorsFor('egress-worker', [EGRESS, STREAM])]).toEqual([[], []]);
  });
});

it('is no error where no worker is to run', () => {
  expect(errorsFor(undefined, [EGRESS, ingress('ns/f'), ENDPOINT])).toEqual([]);
});

const errorsFor = (role: WorkerRole | undefined, texts: readonly string[]): string[] =>
  compileConfig(
    texts.map((text, index) => ({ name: `${index}.yaml`, text })),
    { env: {}, workers: role ? [role] : [] },
  )
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ file, line, column, code, message }) => `${file}(${line},${column}) ${code} ${message}`);
