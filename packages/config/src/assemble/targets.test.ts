import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

const EGRESS = 'kind: io.statefun.kinesis.v1/egress\nspec: {id: a/out}\n';
const OUTPUT = 'output: {label: orders, aws_kinesis: {stream: s, partition_key: k}}\n';
const FUNCTIONS = ['ns/*', 'ns/exact'].map(
  (functions) => `kind: io.statefun.endpoints.v2/http\nspec: {functions: ${functions}, urlPathTemplate: "http://h"}\n`,
);

describe('a target of an ingress', () => {
  it('is an egress, an output by label, or a function of the closest endpoint', () => {
    const { config, problems } = load('[a/out, output/orders, ns/other, ns/exact]', [
      EGRESS,
      OUTPUT,
      ...FUNCTIONS,
      'sluice: {egresses: {a/out: {stream: s}}}',
    ]);
    expect(problems).toEqual([]);
    expect(config.ingresses[0]?.streams[0]?.targets.map(({ position: _, ...target }) => target)).toEqual([
      { type: 'egress', egressId: 'a/out' },
      { type: 'egress', egressId: 'output/orders' },
      { type: 'function', functionType: 'ns/other', endpointId: 'ns/*' },
      { type: 'function', functionType: 'ns/exact', endpointId: 'ns/exact' },
    ]);
  });

  it('is not one that runs the processors of another input', () => {
    const input = (label: string) => `input: {label: ${label}, processors: [{noop: {}}], aws_kinesis: {streams: [s]}}\n${OUTPUT}`;
    const texts = load('[output/orders]', [input('in')]).problems.map(({ code, message }) => `${code} ${message}`);
    expect(texts).toEqual([
      'worker.unsupported ingress `a/in` sends to `output/orders`, which runs the processors of `input/in` on all that comes to it; move them to `pipeline.processors`, or give the two an output each',
    ]);
  });

  it.each([
    [
      '[output/order]',
      [OUTPUT],
      'target.unresolved 3,60 target `output/order` names no egress, no output and no function of an endpoint; did you mean `output/orders`?; egresses: `output/orders`',
    ],
    [
      '[x/y]',
      FUNCTIONS,
      'target.unresolved 3,60 target `x/y` names no egress, no output and no function of an endpoint; functions: `ns/*`, `ns/exact`',
    ],
    [
      '[x/y]',
      [],
      'target.unresolved 3,60 target `x/y` names no egress, no output and no function of an endpoint; nothing is configured that could be one',
    ],
    [
      '[a/out, a/out]',
      [EGRESS],
      'target.without-stream 3,60 egress `a/out` takes the stream from each record, and records of a direct route name none: set it in a file of your own, `sluice: {egresses: {"a/out": {stream: <name>}}}`',
    ],
  ])('%s is refused', (targets, others, expected) => {
    expect(load(targets, others).problems.map(({ code, line, column, message }) => `${code} ${line},${column} ${message}`)).toEqual([
      expected,
    ]);
  });
});

function load(targets: string, others: readonly string[]) {
  const module = `kind: io.statefun.kinesis.v1/ingress\nspec:\n  {id: a/in, streams: [{stream: s, valueType: v, targets: ${targets}}]}\n`;
  return compileConfig(
    [module, ...others].map((text, index) => ({ name: `${index}.yaml`, text })),
    { env: {} },
  );
}
