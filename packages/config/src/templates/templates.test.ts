import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load-config.ts';

const OUTPUT = `
name: my_out
type: output
fields:
  - { name: stream, type: string }
  - { name: flights, type: int, default: 5 }
mapping: |
  root.aws_kinesis.stream = this.stream
  root.aws_kinesis.partition_key = "k-" + @label
  root.aws_kinesis.max_in_flight = this.flights
  root.processors = [ { "mutation": "root.inner = true" } ]
`;
const INPUT = `
name: numbers
type: input
fields: [{ name: count, type: int }]
mapping: |
  root.generate = { "count": this.count, "mapping": "root = 1", "interval": "" }
  root.processors = [ { "noop": {} } ]
`;
const PROCESSOR = `
name: tag
type: processor
fields:
  - { name: tags, type: string, kind: list, default: [] }
  - { name: extra, type: unknown, default: {} }
  - { name: on, type: bool, default: true }
mapping: |
  root.mutation = "root.tags = %s".format(this.tags.format_json(no_indent: true))
`;
const CACHE = 'name: small\ntype: cache\nmapping: root.lru.cap = 10\n';

describe('templates', () => {
  it('stand for components, with the label and the processors of the place where they are used', async () => {
    const { config, texts } = await load(
      `output: { label: out, my_out: { stream: 0123 }, processors: [{ mutation: root.outer = true }] }\n`,
      OUTPUT,
    );
    expect(texts).toEqual([]);
    const [egress] = config.egresses;
    expect(egress).toMatchObject({ id: 'output/out', stream: { type: 'fixed', stream: '0123' }, maxInFlight: 5 });
    expect(egress!.partitionKey).toMatchObject({ template: { source: 'k-out' } });
    expect(egress!.processors.map(({ options }) => (options['mapping'] as { source: string }).source)).toEqual([
      'root.outer = true',
      'root.inner = true',
    ]);
  });

  it('are there for inputs, processors and caches too, also among resources and within others', async () => {
    const { config, texts } = await load(
      `input: { numbers: { count: 3 }, processors: [{ tag: { tags: [a, b] } }, { resource: r }] }
pipeline: { processors: [{ try: [{ cache: { resource: c, operator: get, key: k } }] }] }
output: { drop: {} }
processor_resources: [{ label: r, tag: {} }]
cache_resources: [{ label: c, small: {} }]
`,
      INPUT,
      PROCESSOR,
      CACHE,
    );
    expect(texts).toEqual([]);
    const [{ input, resources }] = config.pipelines as [(typeof config.pipelines)[number]];
    expect(input).toMatchObject({ type: 'generate', options: { count: 3 } });
    expect(input.processors.map(({ type, options }) => [type, (options['mapping'] as { source: string } | undefined)?.source])).toEqual([
      ['noop', undefined],
      ['mutation', 'root.tags = ["a","b"]'],
      ['mutation', 'root.tags = []'],
    ]);
    expect(resources.caches).toMatchObject([{ label: 'c', type: 'lru', options: { cap: 10 } }]);
  });

  it.each([
    ['{ my_out: {} }', '1:11 required field `stream` is missing in `my_out`'],
    ['{ my_out: { stream: a, flihgts: 1 } }', '1:32 unknown field `flihgts` in `my_out`; did you mean `flights`?'],
    ['{ my_out: { stream: a, flights: x } }', '1:41 `my_out.flights`: expected a value of type int, got `x`'],
    ['{ my_out: { stream: [a] } }', '1:29 `my_out.stream`: expected a value of type string, got a list'],
    ['{ my_out: text }', '1:19 `my_out`: expected an object, got `text`'],
  ])('check what is set: %s', async (output, expected) => {
    expect((await load(`output: ${output}\n`, OUTPUT)).texts).toEqual([expected]);
  });

  it.each([
    ['name: x\ntype: outputs\nmapping: root = {}\n', /^t0 2:7 .*expected one of/],
    ['name: x\ntype: output\nmapping: root = (\n', /^t0 3:\d+ .*bad Bloblang/],
    [
      'name: x\ntype: output\nmapping: root = {}\nmetrics_mapping: root = this\n',
      /^t0 4:1 `metrics_mapping`: Sluice does not rename metrics/,
    ],
    ['name: x\ntype: output\n', /^t0 1:1 required field `mapping` is missing/],
    ['name: x\ntype: output\nmapping: root = 5\n', /^1:11 the template `x` \(t0\): its mapping makes no object/],
    ['name: x\ntype: output\nmapping: root = throw("no")\n', /^1:11 the template `x` \(t0\): its mapping failed: .*no/],
    ['name: x\ntype: output\nmapping: root.x = {}\n', /^1:11 Sluice has no output `x`.* \(made by the template `x`, t0\(3,10\)\)$/],
    [
      'name: x\ntype: output\nmapping: root.stdout.nope = 1\n',
      /^1:11 unknown field `nope` in `output\.stdout`.* \(made by the template `x`, t0\(3,10\)\)$/,
    ],
  ])('with mistakes are refused: %#', async (template, expected) => {
    const { texts } = await load('input: { stdin: {} }\noutput: { x: {} }\n'.split('\n').reverse().join('\n').trim(), template);
    expect(texts[0]).toMatch(expected);
  });

  it('are blamed for no more than what they make', async () => {
    const { texts } = await load(
      'output: { my_out: { stream: a }, processors: [{ mapping: root = ( }] }\n',
      OUTPUT.replace('"k-" + @label', '"${! nope( }"'),
    );
    expect(texts.map((text) => [text.split(' ')[0], text.includes('made by')])).toEqual([
      ['1:11', true],
      ['1:66', false],
    ]);
  });

  it('are no configuration by themselves', async () => {
    expect((await load(OUTPUT.trimStart())).texts).toEqual([
      '1:1 this is a template of a component, no configuration; name it with `-t`, beside the files that use it',
    ]);
  });

  it('are defined once', async () => {
    expect((await load('output: { drop: {} }\n', CACHE, CACHE)).texts).toEqual(['t1 1:1 the cache template `small` was defined in t0']);
  });
});

/** Problems are those of the file, or begin with the name of the template. */
async function load(text: string, ...templates: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-templates-'));
  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const paths = templates.map((template, index) => write(`t${index}`, template.trimStart()));
  const { config, problems } = await loadConfig({ files: [write('c.yaml', text)], templates: paths, env: {} });
  const errors = problems.filter(({ severity }) => severity === 'error');
  const texts = errors.map(
    ({ file, line, column, message }) =>
      `${file.endsWith('c.yaml') ? '' : `${file.slice(folder.length + 1)} `}${line}:${column} ${message.replaceAll(`${folder}/`, '')}`,
  );
  return { config, texts };
}
