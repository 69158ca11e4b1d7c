import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules/.bin');
const EXAMPLES = ['module', 'benthos', 'sluice'].map((name) => join(ROOT, `examples/pipeline/${name}.yaml`));
/** The oldest line that the packages run on, as npm has it; only for Linux. */
const NODE_22 = { name: `node-linux-${process.arch}`, version: '22.23.5' };
const hasNode22 = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
if (!hasNode22) process.stderr.write(`the packages are not tried with Node 22: npm has none for ${process.platform} ${process.arch}\n`);

const execute = promisify(execFile);
let packed: string;
/** An empty project in which the tarballs are installed, and nothing of the checkout can be found. */
let project: string;

beforeAll(async () => {
  packed = await mkdtemp(join(tmpdir(), 'packed-'));
  project = await mkdtemp(join(tmpdir(), 'consumer-'));
  await execute(process.execPath, [join(import.meta.dirname, 'pack.ts'), packed]);
  const tarballs = (await readdir(packed)).filter((name) => name.endsWith('.tgz')).map((name) => join(packed, name));
  const root = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', [
    ...['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, `@types/node@${root.devDependencies['@types/node']}`],
    ...(hasNode22 ? [`node22@npm:${NODE_22.name}@${NODE_22.version}`] : []),
  ]);
  await writeFile(join(project, 'lines.jsonl'), '{"a": 1}\n');
  await cp(join(import.meta.dirname, 'consumer'), project, { recursive: true });
  await cp(join(ROOT, 'examples/embed'), join(project, 'embed'), { recursive: true });
}, 600_000);

it('are laid out as Node and bundlers expect them', async () => {
  const folders = (await readdir(packed, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(folders.length).toBeGreaterThan(20);
  const problems = await Promise.all(
    folders.map(async ({ name }) =>
      (await publint({ pkgDir: join(packed, name), strict: true, pack: false })).messages.map((message) => ({ name, message })),
    ),
  );
  expect(problems.flat()).toEqual([]);
});

it('hold no tests and no TypeScript but declarations', () => {
  const files = globSync('*/**/*', { cwd: packed });
  expect(files.filter((file) => /\.(test|conformance|bench)\.|\/testing\/|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith('.lua')).length).toBeGreaterThan(10);
});

it('bring the page of the board', () => {
  expect(globSync('node_modules/@sluice/board/web/dist/index.html', { cwd: project })).toHaveLength(1);
});

it('come once each, whoever depends on them', () => {
  expect(globSync('node_modules/**/node_modules/@sluice', { cwd: project })).toEqual([]);
});

it('have declarations that a project compiles against, libraries checked', async () => {
  const options = ['--target', 'es2024', '--module', 'nodenext', '--types', 'node', '--strict', '--skipLibCheck', 'false'];
  await run(join(BIN, 'tsc'), [...options, 'consumer.ts', 'embed/workers.ts']);
});

describe.each([
  ['the Node of this run', () => process.execPath, true],
  ['Node 22', () => join(project, 'node_modules/node22/bin/node'), hasNode22],
] as const)('with %s', (_, node, isThere) => {
  const sluice = (args: readonly string[]) => run(node(), [join(project, 'node_modules/.bin/sluice'), ...args]);

  it.runIf(isThere)('say their version, lint and map', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'apps/sluice/package.json'), 'utf8'));
    expect(await sluice(['--version'])).toBe(`${version}\n`);
    expect(await sluice(['lint', ...EXAMPLES])).toContain('no errors');
    expect(await sluice(['blobl', '--input', 'lines.jsonl', 'root.b = this.a + 1'])).toBe('{"b":2}\n');
  });

  it.runIf(isThere)('start every program', async () => {
    for (const program of ['ingress-worker', 'egress-worker', 'function-worker', 'board'])
      expect(await sluice([program, '--help'])).toContain(`Usage: ${program}`);
  });

  it.runIf(isThere)('run the compiled project', async () => {
    expect(JSON.parse(await run(node(), ['consumer.js']))).toEqual({
      egresses: ['output/aws_kinesis'],
      isValid: true,
      mapping: 'function',
      client: ['function', 'function'],
    });
  });
});

/** Runs in the project; rejects with what the program wrote when it fails. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, args, { cwd: project, env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' } }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${program} ${args.join(' ')}:\n${error.stdout}${error.stderr}`);
    },
  );
  return stdout;
}
