import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { settingsSchema } from '../settings/schema.ts';
import { isHonouredByPipelines } from './pipeline-refusals.ts';
import { pathsOf } from './testing/paths-of.ts';

const PIPELINE = 'input: {stdin: {}}\noutput: {label: out, aws_kinesis: {stream: s, partition_key: k}}\n';

describe('each setting of Sluice', () => {
  const paths = pathsOf(settingsSchema);
  const [honoured, refused] = [paths.filter(isHonouredByPipelines), paths.filter((path) => !isHonouredByPipelines(path))];

  it.each(honoured)('`sluice.%s` is honoured by a pipeline in one process', (path) => {
    expect(refusals(path)).toEqual([]);
  });

  it.each(refused)('`sluice.%s` is refused by a pipeline in one process, for a reason', (path) => {
    const name = `sluice.${named(path).join('.')}`;
    const because = /^`(.*)` has no effect in a pipeline in one process: .+; remove it, or give it only to workers$/;
    expect(refusals(path)).toEqual([expect.stringMatching(because)]);
    expect(because.exec(refusals(path)[0]!)![1]).toBe(name);
  });
});

describe('what is refused to a pipeline', () => {
  it('is at the place of each setting, in a file, in the environment or in a flag', () => {
    const { problems } = compile(`${PIPELINE}---\nsluice:\n  ordering: strict\n  lanes: 3\n  redis: {prefix: x}\n`, {
      env: { SLUICE_LEASE_TTL: '9s', REDIS_URL: 'redis://others' },
      overrides: ['sluice.watcher=true'],
    });
    expect(problems.map(({ file, line, column, code }) => `${file}(${line},${column}) ${code}`)).toEqual([
      'c.yaml(6,3) worker.unsupported',
      'c.yaml(7,11) worker.unsupported',
      expect.stringContaining('worker.unsupported'),
      expect.stringContaining('worker.unsupported'),
    ]);
    expect(problems.map(({ file }) => file)).toContain('$SLUICE_LEASE_TTL');
  });

  it('is the order of shards, which none of its messages comes from', () => {
    const { problems } = compile(`${PIPELINE}---\nsluice: {ordering: shard, egresses: {output/out: {ordering: shard}}}\n`);
    expect(problems.map(({ message }) => message)).toEqual([
      '`sluice.ordering: shard` has no effect in a pipeline in one process: its messages come from no shard; each key keeps its order; remove it, or give it only to workers',
      '`sluice.egresses.output/out.ordering: shard` has no effect in a pipeline in one process: its messages come from no shard; each key keeps its order; remove it, or give it only to workers',
    ]);
  });

  it('is taken by an egress-worker, and by workers beside it', () => {
    expect(compile(`${PIPELINE}---\nsluice: {lanes: 3}\n`, { workers: ['egress-worker'] }).problems).toEqual([]);
    const kinesis = PIPELINE.replace('{stdin: {}}', '{aws_kinesis: {streams: [a]}}');
    expect(compile(`${kinesis}---\nsluice: {lanes: 3}\n`).problems).toEqual([]);
  });

  it('is nothing that a section of its own file implies', () => {
    expect(compile(`http: {address: "localhost:4199"}\nshutdown_timeout: 3s\n${PIPELINE}`).problems).toEqual([]);
  });
});

it('settings of an output that stands in another one are known', () => {
  const output = 'output: {broker: {outputs: [{label: one, aws_kinesis: {stream: s, partition_key: k}}, {drop: {}}]}}';
  const { problems } = compile(`${output}\n---\nsluice: {egresses: {output/one: {ordering: none}, output/two: {ordering: none}}}\n`);
  expect(problems.map(({ message }) => message)).toEqual(['no egress is called `output/two`; did you mean `output/one`?']);
});

const named = (path: string): string[] => path.split('.').map((part, index) => (part !== '*' ? part : index === 1 ? 'output/out' : 'x'));

function refusals(path: string): string[] {
  const settings = named(path).reduceRight<unknown>((below, name) => ({ [name]: below }), 'x');
  return compile(`${PIPELINE}---\n${JSON.stringify({ sluice: settings })}\n`).problems.flatMap(({ code, message }) =>
    code === 'worker.unsupported' && !message.includes('redis.cluster`:') ? [message] : [],
  );
}

const compile = (text: string, options: Partial<Parameters<typeof compileConfig>[1]> = {}) =>
  compileConfig([{ name: 'c.yaml', text }], { env: {}, workers: ['pipeline'], ...options });
