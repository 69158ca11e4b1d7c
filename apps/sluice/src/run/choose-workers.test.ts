import { compileConfig } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { chooseWorkers } from './choose-workers.ts';

const OUTPUT = 'output: {aws_kinesis: {stream: s, partition_key: k}}\n';
const ENDPOINT = '---\nkind: io.statefun.endpoints.v2/http\nspec: {functions: ns/*, urlPathTemplate: "http://h"}\n';
const INGRESS = 'kind: io.statefun.kinesis.v1/ingress\nspec: {id: a/in, streams: [{stream: s, valueType: a/b, targets: [ns/f]}]}\n';
const INPUT = 'input: {aws_kinesis: {streams: [a]}}\n';

describe('the workers of a configuration', () => {
  it.each([
    ['an input and an output', INPUT + OUTPUT, false, ['egress-worker', 'ingress-worker']],
    ['an input and an output, only the latter asked for', INPUT + OUTPUT, true, ['egress-worker']],
    ['an output that others feed', OUTPUT, true, ['egress-worker']],
    ['an output of another input, that others feed', `input: {kafka: {}}\n${OUTPUT}`, true, ['egress-worker']],
    ['a module with functions', INGRESS + ENDPOINT, false, ['function-worker', 'ingress-worker']],
    ['functions that others feed', ENDPOINT, false, ['function-worker']],
  ])('with %s', (_, text, isEgressOnly, expected) => {
    expect(choose(text, isEgressOnly)).toEqual(expected);
  });

  it.each([
    ['no input', OUTPUT, false, 'NO_INPUT'],
    ...['kafka', 'mqtt'].map((name): [string, string, boolean, string] => [
      `the input ${name}`,
      `input: {${name}: {}}\n${OUTPUT}`,
      false,
      'NO_INPUT',
    ]),
    ['settings alone', 'sluice: {lanes: 3}\n', false, 'NOTHING_TO_RUN'],
    ['no output where only that is asked for', `${INPUT}output: {drop: {}}\n`, true, 'NOTHING_TO_RUN'],
  ])('are refused with %s', (_, text, isEgressOnly, code) => {
    expect(() => choose(text, isEgressOnly)).toThrow(expect.objectContaining({ code }));
  });
});

function choose(text: string, isEgressOnly: boolean) {
  const { config } = compileConfig([{ name: 'a.yaml', text }], { env: {} });
  return chooseWorkers(config, { files: ['a.yaml'], isEgressOnly });
}
