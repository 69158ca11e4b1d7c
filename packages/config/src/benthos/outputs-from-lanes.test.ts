import { describe, expect, it } from 'vitest';
import { load } from './testing/load-text.ts';

const PART = 'output: {label: out, broker: {outputs: [{label: a, aws_kinesis: {stream: s, partition_key: k}}]}}\n---\n';
const INPUT = 'input: {aws_kinesis: {streams: [a]}}\n';

describe('an output behind an aws_kinesis input', () => {
  it('takes its records from lanes, with all that is nested in it and the processors of the pipeline first', () => {
    const { config, texts } = load(`${INPUT}pipeline: {processors: [{mapping: root = this}]}
output: {label: out, fallback: [{http_client: {url: "http://h"}}, {file: {path: x}}], processors: [{noop: {}}]}
error_handling: {strict: true}
`);
    expect(texts).toEqual([]);
    expect(config.ingresses[0]!.streams[0]!.targets).toMatchObject([{ type: 'egress', egressId: 'output/out' }]);
    expect([config.egresses, config.pipelines]).toEqual([[], []]);
    expect(config.outputs).toMatchObject([
      {
        ...{ id: 'output/out', lanes: 16, ordering: 'key', refusesFailedRecords: true },
        output: {
          type: 'fallback',
          processors: [{ type: 'mapping' }, { type: 'noop' }],
          options: [{ type: 'http_client' }, { type: 'file' }],
        },
      },
    ]);
  });

  it('may be a resource, and has settings of its own by its id', () => {
    const { config, texts } = load(`${INPUT}output: {resource: out, processors: [{noop: {}}]}
output_resources: [{label: out, stdout: {}, processors: [{mapping: root = this}]}]
---
sluice: {egresses: {output/out: {lanes: 3, ordering: none}}}
`);
    expect(texts).toEqual([]);
    expect(config.outputs).toMatchObject([
      { id: 'output/out', lanes: 3, ordering: 'none', output: { type: 'stdout', processors: [{ type: 'noop' }, { type: 'mapping' }] } },
    ]);
  });

  it('is named by its type where it has no label, and can be the target of another ingress', () => {
    const { config, texts } = load(`${INPUT}output: {stdout: {}}
---
kind: io.statefun.kinesis.v1/ingress
spec: {id: x/in, streams: [{stream: b, valueType: x/y, targets: [output/stdout]}]}
`);
    expect(texts).toEqual([]);
    expect(config.ingresses.map(({ streams }) => streams[0]!.targets)).toMatchObject([
      [{ egressId: 'output/stdout' }],
      [{ egressId: 'output/stdout' }],
    ]);
  });

  it('is standard output where the file names none, as in Benthos', () => {
    const { config, texts } = load('input: {processors: [{noop: {}}], aws_kinesis: {streams: [a]}}\n');
    expect(texts).toEqual([]);
    expect(config.ingresses[0]!.streams[0]!.targets).toMatchObject([{ type: 'egress', egressId: 'output/stdout' }]);
    expect(config.outputs).toMatchObject([{ id: 'output/stdout', output: { type: 'stdout', processors: [{ type: 'noop' }] } }]);
  });

  it('is read and dropped where it would come to nothing', () => {
    const { config, texts } = load(`${INPUT}output: {drop: {}}\n`);
    expect([texts, config.outputs, config.ingresses[0]!.streams[0]!.targets]).toEqual([[], [], []]);
  });

  it.each([
    [
      'output: {switch: {cases: [{output: {sync_response: {}}}]}}\n',
      'error component.unsupported 2:37 behind an `aws_kinesis` input there is no output `sync_response`: nobody waits for an answer',
    ],
    [
      'output: {inproc: a}\n',
      'error component.unsupported 2:10 behind an `aws_kinesis` input there is no output `inproc`: no `inproc` input can receive what it hands on',
    ],
    [
      'output: {stdout: {}}\n---\nsluice: {egresses: {output/stdout: {stream: s}}}\n',
      'error field.value 4:37 `egresses."output/stdout".stream` is a setting of an `aws_kinesis` output, and this one is `stdout`; it takes `lanes`, `ordering`',
    ],
    [
      `${PART}sluice: {egresses: {output/a: {lanes: 3}}}\n`,
      'error field.value 4:32 `egresses."output/a".lanes` has no effect: `output/a` is a part of `output/out`, which has the lanes; set `egresses."output/out".lanes`',
    ],
    [
      `${PART}sluice: {egresses: {output/a: {aggregation: on, aggregate: {max_wait: 1s}}}}\n`,
      'error field.value 4:61 `egresses."output/a".aggregate.max_wait` has no effect: the `batching` of the output says how long its records wait; set that',
    ],
    ['output: {resource: out}\noutput_resources: [{label: out, kafka: {}}]\n', expect.stringContaining('Sluice has no output `kafka`')],
  ])('is refused by name: %s', (text, problem) => {
    expect(load(INPUT + text).texts).toContainEqual(problem);
  });
});
