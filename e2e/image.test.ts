import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { freePort, startRedisServer, until } from '@sluice/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Installation } from './src/image/installation.ts';
import { openInstallation } from './src/image/open-installation.ts';

const RECORDS = 50;
const PROGRAMS = ['board', 'egress-worker', 'embedded-redis', 'end-with-parent', 'function-worker', 'ingress-worker', 'sluice'];
const stack = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  installation = stack.use(await openInstallation());
  process.stderr.write(`the image was tested with ${installation.kind}\n`);
}, 900_000);
afterAll(() => stack.disposeAsync(), 60_000);

it('holds what production needs, and nothing else', async () => {
  const found = async (expression: string) =>
    JSON.parse((await installation.node(['-p', `JSON.stringify(${expression})`])).stdout) as unknown;
  const filesOf = (pattern: string) => found(`require('node:fs').globSync('${pattern}').toSorted()`);
  expect(await filesOf('bin/*.js')).toEqual(PROGRAMS.map((name) => `bin/${name}.js`));
  expect(await filesOf('node_modules/{[^@]*,@*/*}')).toEqual(
    ['@bull-board/ui', '@faker-js/faker', 'unidecode'].map((name) => `node_modules/${name}`),
  );
  expect(await filesOf('{bin,chunks,files}/**/*.ts')).toEqual([]);
  expect(await filesOf('files/apps/board/web/dist/index.html')).toHaveLength(1);
});

it('loads what is only read when it is asked for', async () => {
  const { stdout } = await installation.sluice(
    ['blobl', '--input', 'package.json', 'root = [fake("email").contains("@"), "Äé".slug()]'],
    {},
  );
  expect(stdout.split('\n')[0]).toBe('[true,"ae"]');
});

it('runs without rights and without anything to write to', async () => {
  const user = await installation.node(['-p', 'process.getuid()']);
  if (process.getuid?.() === 0) expect(user).toEqual({ code: 0, stdout: '10001\n', stderr: '' });
  const write = await installation.node(['-e', `require('node:fs').writeFileSync('trace', '')`]);
  expect(write.stderr).toMatch(/EROFS|EACCES/);
});

it('says what it can do, and what is for a checkout only', async () => {
  expect((await installation.sluice(['--help'], {})).stdout).toMatch(/ingress-worker.*egress-worker.*function-worker.*board/s);
  expect(await installation.sluice(['up', '--records', '1'], {})).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(DEVELOPMENT_ONLY)'),
  });
});

it('moves records from stream to stream, is healthy while it does, and stops within its grace period', async () => {
  await using redis = await startRedisServer();
  await using kinesis = await startKinesisEmulator({ port: 0, streams: { flights: 2, departures: 2 } });
  const ports = {
    SLUICE_PORTS_INGRESS_WORKER: await freePort(),
    SLUICE_PORTS_EGRESS_WORKER: await freePort(),
    SLUICE_PORTS_FUNCTION_WORKER: await freePort(),
    SLUICE_PORTS_BOARD: await freePort(),
  };
  const env = {
    ...{ AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ SLUICE_REDIS_URL: redis.url, SLUICE_HOST: '127.0.0.1' },
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
  };
  const config = ['module', 'benthos', 'sluice'].flatMap((name) => ['--config', `${installation.config}/${name}.yaml`]);
  const board = await installation.start(['board', ...config], env);
  const workers = await installation.start(['run', ...config], env);
  // A line of each program.
  await until('the health check to pass', async () => {
    const { code, stdout } = await workers.health();
    return code === 0 && stdout.trim().split('\n').length === 3;
  });

  const put = await installation.sluice(
    ['put', 'flights', '--key', 'origin', '--count', String(RECORDS), '--generate', 'root = {"origin": "DTW", "number": count("flights")}'],
    env,
  );
  expect(put).toMatchObject({ code: 0, stderr: `${RECORDS} records put into flights\n` });
  await until('the records to arrive', () => kinesis.records('departures').length >= RECORDS);

  expect(await Promise.all([workers.stop(), board.stop()])).toEqual([0, 0]);
  expect((await workers.health()).code).not.toBe(0);
});
