import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { egressOverrideSchema } from '../settings/schema.ts';
import { pathsOf } from './testing/paths-of.ts';

const KINESIS = 'aws_kinesis: {stream: s, partition_key: k}';
const BEHIND_LANES = 'input: {aws_kinesis: {streams: [a]}}\n';
const PLAIN = `${BEHIND_LANES}output: {label: out, stdout: {}}\n`;
const WITH_PART = `${BEHIND_LANES}output: {label: out, broker: {outputs: [{label: part, ${KINESIS}}]}}\n`;
const WITH_RESOURCE = `${BEHIND_LANES}output: {label: out, broker: {outputs: [{resource: part}]}}\noutput_resources: [{label: part, ${KINESIS}}]\n`;
const TWO_PARTS = `${BEHIND_LANES}output: {label: out, broker: {outputs: [{${KINESIS}}, {${KINESIS}}]}}\n`;
const PIPELINE = 'input: {stdin: {}}\noutput: {stdout: {}}\n';
const NO_STREAM = 'no output is `aws_kinesis`; remove it';

describe('each setting of an egress', () => {
  it.each(pathsOf(egressOverrideSchema))('`%s` is honoured by an output behind lanes, or refused by name', (path) => {
    const isHonoured = ['lanes', 'ordering'].includes(path);
    expect(refusals(PLAIN, ['egresses', 'output/out', ...path.split('.')])).toEqual(
      isHonoured
        ? []
        : [
            `\`egresses."output/out".${path}\` is a setting of an \`aws_kinesis\` output, and this one is \`stdout\`; it takes \`lanes\`, \`ordering\``,
          ],
    );
  });

  it.each(pathsOf(egressOverrideSchema))('`%s` is honoured by a part of an output, or refused by name', (path) => {
    const refused = ['lanes', 'aggregate.max_wait'].includes(path);
    const found = refusals(WITH_PART, ['egresses', 'output/part', ...path.split('.')]);
    expect(found).toEqual(refused ? [expect.stringMatching(/^`egresses\."output\/part"\.[a-z_.]+` has no effect: ./)] : []);
  });
});

describe('settings that nothing honours', () => {
  it.each([
    [PLAIN, '{aggregation: on}', [`\`sluice.aggregation\` has no effect: ${NO_STREAM}`]],
    [PLAIN, '{aggregate: {max_bytes: 1KiB}, quotas: always}', [`\`sluice.aggregate.max_bytes\` has no effect: ${NO_STREAM}`]],
    [
      PIPELINE,
      '{ordering: key, aggregation: shard}',
      ['ordering', 'aggregation'].map((name) => `\`sluice.${name}\` has no effect: ${NO_STREAM}`),
    ],
    [
      WITH_PART,
      '{egresses: {output/part: {ordering: shard}}}',
      [
        '`egresses."output/part".ordering: shard` has no effect: `output/part` is a part of `output/out`, whose records come from shards; set `egresses."output/out".ordering`',
      ],
    ],
    [
      WITH_PART,
      '{aggregation: on, aggregate: {max_wait: 1s}}',
      [
        '`sluice.aggregate.max_wait` has no effect: each output that aggregates is a part of another, and its `batching` says how long its records wait; set that',
      ],
    ],
    [WITH_PART, '{aggregate: {max_count: 5}}', ['`sluice.aggregate`: no egress aggregates; set `sluice.aggregation` to `on` or `shard`']],
    [
      TWO_PARTS,
      '{egresses: {output/aws_kinesis: {ordering: none}}}',
      ['`egresses."output/aws_kinesis"`: 2 outputs have this id, at c.yaml(2,42), c.yaml(2,88); give each a `label`'],
    ],
  ])('are refused by name: %s sluice: %s', (file, settings, messages) => {
    expect(errorsOf(`${file}---\nsluice: ${settings}\n`)).toEqual(messages);
  });

  it.each([
    [PLAIN, '{aggregation: off, quotas: auto, ordering: shard}'],
    [PIPELINE, '{ordering: none}'],
    [WITH_PART, '{aggregation: on, quotas: always, ordering: shard}'],
    [WITH_PART, '{aggregate: {max_count: 5}, egresses: {output/part: {aggregation: shard}}}'],
    // It is an egress too, for whoever names it.
    [WITH_RESOURCE, '{egresses: {output/part: {lanes: 3, ordering: shard}}}'],
    [TWO_PARTS, '{ordering: none}'],
  ])('are no others: %s sluice: %s', (file, settings) => {
    expect(errorsOf(`${file}---\nsluice: ${settings}\n`)).toEqual([]);
  });
});

/** What is said of a setting for being there, whatever its value. */
const refusals = (file: string, path: readonly string[]): string[] => {
  const settings = path.reduceRight<unknown>((below, name) => ({ [name]: below }), 'x');
  return errorsOf(`${file}---\n${JSON.stringify({ sluice: settings })}\n`).filter((message) => message.startsWith('`egresses."'));
};

const errorsOf = (text: string): string[] =>
  compileConfig([{ name: 'c.yaml', text }], { env: {} }).problems.flatMap(({ severity, message }) =>
    severity === 'error' ? [message] : [],
  );
