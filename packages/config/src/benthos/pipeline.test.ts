import { describe, expect, it } from 'vitest';
import { load, output } from './testing/load-text.ts';

describe('a pipeline in one process', () => {
  it('is an input or an output other than aws_kinesis, with defaults and nested components compiled', () => {
    const { config, texts } = load(`
input:
  label: in
  stdin: {scanner: {lines: {omit_empty: true}}}
  processors: [{mapping: root = this}]
pipeline: {threads: 2, processors: [{noop: {}}]}
output: {stdout: {}}
error_handling: {strict: true}
`);
    expect(texts).toEqual([]);
    expect(config.pipelines).toMatchObject([
      {
        ...{ threads: 2, refusesFailed: true, processors: [{ type: 'noop', path: 'root.pipeline.processors.0' }] },
        input: {
          ...{ type: 'stdin', label: 'in', path: 'root.input', processors: [{ type: 'mapping', path: 'root.input.processors.0' }] },
          options: {
            auto_replay_nacks: true,
            scanner: { type: 'lines', path: 'root.input.stdin.scanner', options: { omit_empty: true, max_buffer_size: 65_536 } },
          },
        },
        output: { type: 'stdout', label: undefined, path: 'root.output', options: { codec: 'lines' } },
      },
    ]);
    expect([config.ingresses, config.egresses]).toEqual([[], []]);
  });

  it('reads standard input and writes standard output where a file names only one end', () => {
    const ends = (text: string) => load(text).config.pipelines.map(({ input, output: out }) => [input.type, out.type]);
    expect([ends('input: {file: {paths: [a]}}\n'), ends('output: {drop: {}}\n'), ends(output(''))]).toEqual([
      [['file', 'stdout']],
      [['stdin', 'drop']],
      [],
    ]);
  });

  it('may write to aws_kinesis, which is an egress for other programs too', () => {
    const { config, texts } = load(`input: {stdin: {}}\n${output('')}`);
    expect(texts).toEqual([]);
    expect(config.pipelines).toMatchObject([{ output: { type: 'aws_kinesis', options: { stream: { type: 'fixed', stream: 'out' } } } }]);
    expect(config.egresses.map(({ id }) => id)).toEqual(['output/aws_kinesis']);
  });

  it('takes its ends from resources, with the processors of both places', () => {
    const { config, texts } = load(`
input: {resource: a, processors: [{noop: {}}]}
output: {resource: b, processors: [{noop: {}}]}
input_resources: [{label: a, stdin: {}, processors: [{mapping: root = this}]}]
output_resources: [{label: b, stdout: {}, processors: [{mapping: root = this}]}]
`);
    expect(texts).toEqual([]);
    const [pipeline] = config.pipelines;
    expect([pipeline!.input, pipeline!.output].map(({ label, processors }) => [label, processors.map(({ type }) => type)])).toEqual([
      ['a', ['mapping', 'noop']],
      ['b', ['noop', 'mapping']],
    ]);
  });

  it.each([
    [
      'input: {kafka: {}}\noutput: {stdout: {}}\n',
      expect.stringContaining('error component.unsupported 1:9 Sluice has no input `kafka`; it supports `stdin`'),
    ],
    [
      'input: {stdin: {scanner: {line: {}}}}\n',
      expect.stringContaining('Sluice has no scanner `line` here; did you mean `lines`?; it supports `avro`, `lines`'),
    ],
    ['input: {stdin: {}}\noutput: {resource: a}\n', 'error target.unresolved 2:20 no output resource is labelled `a`; there is none'],
    [
      'input: {stdin: {scaner: {}}}\n',
      expect.stringContaining('error field.unknown 1:17 unknown field `scaner` in `input.stdin`; did you mean `scanner`?'),
    ],
  ])('answers %s', (text, expected) => {
    expect(load(text).texts).toEqual([expected]);
  });
});
