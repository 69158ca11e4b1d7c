// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are what the loader replaces
import { describe, expect, it } from 'vitest';
import { compileConfig, type LoadOptions, loadConfig } from '../load-config.ts';
import { renderProblem } from './render-problem.ts';

const OUTPUT = 'output: {aws_kinesis: {stream: s, partition_key: k}}\n';

/** Each mistake is named once, for what it is and where it is. */
describe('a problem', () => {
  it('of one setting hides none of another, and no setting that is right', () => {
    const { config, problems } = load(
      'sluice: {lanes: 0, lanse: 1, host: h, redis: {url: "http://x", prefix: p}, egresses: {a/b: {stream: t}}}',
    );
    expect(shown(problems)).toEqual([
      'a.yaml(1,17) `lanes`: must be at least 1, got 0',
      'a.yaml(1,20) unknown field `lanse` in `sluice`; did you mean `lanes`?',
      'a.yaml(1,52) `url`: expected `redis://host:port/db` or `rediss://host:port/db`, where `db` is a number',
      'a.yaml(1,87) warning: no egress is called `a/b`',
    ]);
    expect([config.settings.host, config.settings.redis.prefix, config.settings.egresses]).toMatchObject([
      'h',
      'p',
      { 'a/b': { stream: 't' } },
    ]);
  });

  it('of one field of an output hides none of another', () => {
    const text = 'output: {aws_kinesis: {stream: s, partition_key: k, max_in_flight: x, endpoint: nowhere, credentials: {id: a}}}';
    expect(shown(load(text).problems)).toEqual([
      'a.yaml(1,10) `endpoint`: expected a URL such as `https://host:port` or `http://host:port`, got `nowhere`',
      'a.yaml(1,10) `credentials.secret` is missing: `credentials.id` alone is no access key',
      'a.yaml(1,68) `max_in_flight`: expected an integer, got `x`',
    ]);
  });

  it('of one part leaves what refers to it alone', () => {
    const text = `kind: io.statefun.kinesis.v1/ingress
spec: {id: a/in, streams: [{stream: s, valueType: v, targets: [output/out]}]}
---
output: {label: out, aws_kinesis: {stream: s, partition_key: k, max_in_flight: x}}
`;
    expect(shown(load(text).problems)).toEqual(['a.yaml(4,80) `max_in_flight`: expected an integer, got `x`']);
  });

  it('with an unset variable is named once', () => {
    const text = 'output: {aws_kinesis: {stream: "${NOPE}", partition_key: k, max_in_flight: ${N}}}';
    const unset = (column: number, name: string) =>
      `a.yaml(1,${column}) required environment variable \`${name}\` is not set; set it, or write a default: \`\${${name}:default}\``;
    expect(shown(load(text).problems)).toEqual([unset(33, 'NOPE'), unset(76, 'N')]);
    expect(shown(load(text, { chilled: true }).problems)).toContain('a.yaml(1,32) `stream`: must not be empty');
  });

  it('in a default is not laid at the environment', () => {
    expect(shown(load(OUTPUT.replace('stream: s', 'stream: "${NOPE:%|base64decode}"')).problems)).toEqual([
      'a.yaml(1,33) the default of `NOPE` is not base64',
    ]);
  });

  it('in a flag names the flag, and shows no value of it', () => {
    const overrides = [{ flag: '--redis-url', path: 'sluice.redis.url', value: 'http://u:secret@h' }, 'sluice.lanes=0', 'sluice.lanse=3'];
    expect(rendered(load(OUTPUT, { overrides }))).toEqual([
      '-s sluice.lanse(1,1) unknown field `lanse` in `sluice`; did you mean `lanes`?\n  1 | sluice.lanse=3\n      ^\n',
      '--redis-url: `url`: expected `redis://host:port/db` or `rediss://host:port/db`, where `db` is a number\n',
      '-s sluice.lanes(1,14) `lanes`: must be at least 1, got 0\n  1 | sluice.lanes=0\n                   ^\n',
    ]);
  });

  it('of a file as a whole has no line', async () => {
    expect(rendered(await loadConfig({ files: ['/nowhere/a.yaml'], env: {} }))).toEqual([
      '/nowhere/a.yaml: cannot be read: no such file; check its name, which is relative to the current directory unless it begins with `/`\n',
    ]);
  });
});

describe('a level', () => {
  it.each(['info', 'Info', 'WARNING', 'all'])('may be written %s', (level) => {
    const text = `logger: {level: ${level}}\npipeline: {processors: [{log: {level: ${level.replace('WARNING', 'warn')}}}]}\n${OUTPUT}`;
    expect(shown(load(text).problems)).toEqual([]);
  });
});

const load = (text: string, options: Partial<LoadOptions> = {}) => compileConfig([{ name: 'a.yaml', text }], { env: {}, ...options });

const shown = (problems: ReturnType<typeof load>['problems']): string[] =>
  problems.map((problem) => renderProblem(problem, undefined, { excerpt: false }).trimEnd());

const rendered = ({ problems, sources }: ReturnType<typeof load>): string[] => problems.map((problem) => renderProblem(problem, sources));
