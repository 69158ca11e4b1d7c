import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfigFiles } from './find-config-files.ts';
import { lintFiles } from './lint-files.ts';
import { renderReport, reportAsJson } from './render-report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('lintFiles', () => {
  it('collects the problems of all files, of both languages and of our own settings', async () => {
    const problems = await lint({
      'benthos.yaml': 'output:\n  aws_kinesis:\n    stream: a\n    partition_kye: b\n    partition_key: \'${! json("id" }\'\n',
      'module.yaml': 'kind: io.statefun.kinesis.v1/egress\nspec:\n  awsRegion: {type: default}\n',
      'sluice.yaml': 'sluice:\n  lanse: 4\n',
    });
    expect(problems).toEqual([
      'benthos.yaml(4,5) field.unknown unknown field `partition_kye` in `output.aws_kinesis`; did you mean `partition_key`?',
      'benthos.yaml(5,35) bloblang.invalid `output.aws_kinesis.partition_key`: bad Bloblang: required: expected comma or closing bracket',
      'module.yaml(3,3) field.missing required field `id` is missing in `spec`',
      'sluice.yaml(2,3) field.unknown unknown field `lanse` in `sluice`; did you mean `lanes`?',
    ]);
  });

  it('finds what a file refers to in any other of the files', async () => {
    const files = {
      'ingress.yaml': ingressTo('com.example/out'),
      'egress.yaml': 'kind: io.statefun.kinesis.v1/egress\nspec:\n  id: com.example/out\n  awsRegion: {type: default}\n',
    };
    await expect(lint({ 'ingress.yaml': files['ingress.yaml'] })).resolves.toEqual([
      expect.stringMatching(/^ingress\.yaml\(9,17\) target\.unresolved target `com\.example\/out` names no egress/),
    ]);
    await expect(lint(files)).resolves.toEqual([expect.stringMatching(/^ingress\.yaml\(9,17\) target\.without-stream /)]);
    await expect(lint({ ...files, 'sluice.yaml': 'sluice: {egresses: {com.example/out: {stream: s}}}\n' })).resolves.toEqual([]);
  });

  it('does not take files that never run together for one configuration', async () => {
    const stream = (name: string) => `output: {aws_kinesis: {stream: ${name}, partition_key: a}}\n`;
    await expect(lint({ 'a.yaml': stream('a'), 'b.yaml': stream('b') })).resolves.toEqual([]);
  });

  it('may be told not to mind variables that are not set, nor what their absence leads to', async () => {
    const files = { 'a.yaml': 'output:\n  aws_kinesis: {stream: "${STREAM}", partition_key: a, max_in_flight: ${N}, x: 1}\n' };
    const skipped = await lint(files, { skipsEnvCheck: true });
    expect(skipped).toEqual([expect.stringContaining('unknown field `x`')]);
    await expect(lint(files)).resolves.toEqual(
      expect.arrayContaining([expect.stringContaining('`STREAM` is not set'), expect.stringContaining('`N` is not set')]),
    );
    await expect(lint(files, { env: { STREAM: 's', N: '1' } })).resolves.toEqual(skipped);
  });

  it('leaves the environment of this process alone: only files are checked', async () => {
    const env = { SLUICE_LANES: 'many', SLUICE_NONSENSE: '1' };
    await expect(lint({ 'a.yaml': 'sluice: {lanes: 3}\n' }, { env })).resolves.toEqual([]);
  });

  it('is as severe as it is told to be', async () => {
    const files = { 'module.yaml': `${ingressTo('[]').replace('[[]]', '[]')}` };
    const severities = async (options: object) => (await report(files, options)).problems.map(({ severity }) => severity);
    expect([await severities({}), await severities({ strict: true })]).toEqual([['warning'], ['error']]);
  });

  it('spares a file the lints that asks to be spared', async () => {
    const text = 'output:\n  aws_kinesis: {stream: a, partition_key: b, x: 1}\n';
    await expect(lint({ 'a.yaml': `# BENTHOS LINT DISABLE\n${text}`, 'b.yaml': text })).resolves.toEqual([
      expect.stringMatching(/^b\.yaml\(2,46\)/),
    ]);
  });
});

describe('findConfigFiles', () => {
  it('walks a folder down, by name, past hidden folders and installed packages', async () => {
    await write({
      'b.yaml': '',
      'a/z.yml': '',
      'a/deep/er/c.YAML': '',
      'a/readme.md': '',
      '.git/x.yaml': '',
      'node_modules/p/x.yaml': '',
      yaml: '',
    });
    const found = await findConfigFiles([join(folder, '...'), join(folder, 'b.yaml'), 'named.txt']);
    expect(found).toEqual({
      files: [...['a/deep/er/c.YAML', 'a/z.yml', 'b.yaml'].map((name) => join(folder, name)), 'named.txt'],
      problems: [],
    });
  });

  it('says what it cannot walk, and where there is nothing to check', async () => {
    await write({ 'empty/readme.md': '', file: '' });
    const { files, problems } = await findConfigFiles([join(folder, 'empty/...'), join(folder, 'nowhere/...'), join(folder, 'file/...')]);
    expect(files).toEqual([]);
    expect(problems.map(({ file, severity, message }) => `${file.slice(folder.length + 1)}: ${severity}: ${message}`)).toEqual([
      'empty: warning: holds no .yaml or .yml file',
      'nowhere: error: cannot be read: no such directory',
      'file: error: cannot be read: is not a directory',
    ]);
  });
});

describe('the report', () => {
  const mistaken = { 'a.yaml': 'sluice:\n  lanse: 4\n  log: {level: loud}\n', 'b.yaml': 'sluice: {egresses: {a/b: {lanes: 1}}}\n' };

  it('is one line a problem for other programs, warnings last, and a count', async () => {
    expect(await rendered(mistaken, { excerpt: false, color: false })).toBe(
      [
        'a.yaml(2,3) unknown field `lanse` in `sluice`; did you mean `lanes`?',
        'a.yaml(3,16) `level`: expected one of `debug`, `info`, `warn`, `error`, `off`, got `loud`',
        'b.yaml(1,21) warning: no egress is called `a/b`',
        '2 files checked: 2 errors, 1 warning',
        '',
      ].join('\n'),
    );
  });

  it('shows the places to people', async () => {
    const text = await rendered({ 'a.yaml': 'sluice:\n  lanse: 4\n' }, { excerpt: true, color: false });
    expect(text).toBe(
      'a.yaml(2,3) unknown field `lanse` in `sluice`; did you mean `lanes`?\n  2 |   lanse: 4\n        ^\n\n1 file checked: 1 error\n',
    );
  });

  it('is an object for programs that want to know more', async () => {
    const { files, errors, warnings, problems } = JSON.parse(reportAsJson(await report(mistaken)));
    expect({ files, errors, warnings, codes: problems.map(({ code }: { code: string }) => code) }).toEqual({
      ...{ files: 2, errors: 2, warnings: 1 },
      codes: ['field.unknown', 'field.value', 'target.unresolved'],
    });
  });
});

const ingressTo = (target: string) => `kind: io.statefun.kinesis.v1/ingress
spec:
  id: com.example/in
  awsRegion: {type: default}
  startupPosition: {type: earliest}
  streams:
    - stream: s
      valueType: a/b
      targets: [${target}]
`;

interface TestOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly strict?: boolean;
  readonly skipsEnvCheck?: boolean;
}

async function write(files: Readonly<Record<string, string>>): Promise<string[]> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const path of paths) await mkdir(dirname(path), { recursive: true });
  await Promise.all(paths.map((path, index) => writeFile(path, Object.values(files)[index]!)));
  return paths;
}

async function report(files: Readonly<Record<string, string>>, { env = {}, strict = false, skipsEnvCheck = false }: TestOptions = {}) {
  return lintFiles({ files: await write(files), env, envFiles: [], strict, chilled: false, skipsEnvCheck });
}

async function lint(files: Readonly<Record<string, string>>, options?: TestOptions): Promise<string[]> {
  const { problems } = await report(files, options);
  return problems.map(({ file, line, column, code, message }) => `${file.slice(folder.length + 1)}(${line},${column}) ${code} ${message}`);
}

const rendered = async (files: Readonly<Record<string, string>>, style: Parameters<typeof renderReport>[1]) =>
  renderReport(await report(files), style).replaceAll(`${folder}/`, '');
