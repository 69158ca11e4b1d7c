// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what a file holds
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compileConfig, loadConfig } from '../load-config.ts';
import { Secret } from '../model/secret.ts';

describe('settings of Sluice', () => {
  it('have a default each', () => {
    expect(load([]).config.settings).toEqual({
      redis: {
        url: 'redis://127.0.0.1:6379',
        username: undefined,
        password: undefined,
        tls: {
          enabled: false,
          caFile: undefined,
          certFile: undefined,
          keyFile: undefined,
          serverName: undefined,
          rejectUnauthorized: true,
        },
        sentinel: undefined,
        clusterNodes: undefined,
        prefix: 'sluice',
        connectTimeoutMs: 10_000,
        allowVolatile: false,
      },
      commands: { allowed: [], timeoutMs: 10_000, maxOutputBytes: 2 ** 24 },
      lanes: 16,
      ordering: 'key',
      quotas: 'auto',
      aggregation: 'auto',
      aggregate: { maxCount: undefined, maxBytes: undefined, maxWaitMs: undefined },
      watcher: false,
      fanOut: { consumer: '', activationTimeoutMs: 60_000, maxPauseMs: 30_000 },
      backpressure: { highWaterBytes: 2 ** 30, lowWaterBytes: 768 * 2 ** 20, highWaterRecords: 2_000_000, lowWaterRecords: 1_500_000 },
      lease: { ttlMs: 5_000, renewIntervalMs: 1_000 },
      host: '127.0.0.1',
      ports: { board: 3000, ingressWorker: 4196, egressWorker: 4195, functionWorker: 4197 },
      board: { login: undefined, readOnly: false, payloads: false, allowedHosts: [] },
      log: {
        level: 'info',
        format: 'auto',
        timestamp: true,
        names: { level: 'level', time: 'time', message: 'msg' },
        fields: {},
        file: undefined,
        repeatsPerMinute: 20,
      },
      metrics: { names: 'auto', otlp: undefined },
      tracing: undefined,
      shutdown: { delayMs: 0, timeoutMs: 20_000 },
      deadLetters: { output: undefined, maxAgeMs: undefined, maxBytes: undefined },
      functions: { maxInFlight: 1_024, onFailure: 'park', originHeaders: false, types: {} },
      httpIngress: undefined,
      egresses: {},
      ingresses: {},
    });
  });

  it('are taken from flags over the environment over a later file over an earlier one, each with its source', () => {
    const { config, effective, problems } = load(
      ['sluice: {lanes: 1, host: a, ports: {board: 1, egress_worker: 2}, log: {level: warn}}', 'sluice: {lanes: 2, ports: {board: 3}}'],
      { SLUICE_LANES: '3', SLUICE_LOG_LEVEL: 'debug' },
      ['sluice.lanes=4'],
    );
    const { lanes, host, ports, log } = config.settings;
    expect({ lanes, host, ports, log, problems }).toEqual({
      lanes: 4,
      host: 'a',
      ports: { board: 3, ingressWorker: 4196, egressWorker: 2, functionWorker: 4197 },
      log: expect.objectContaining({ level: 'debug', format: 'auto' }),
      problems: [],
    });
    const sources = new Map(effective.at(-1)?.values.map(({ path, value, source }) => [path, { value, source }]));
    expect(
      ['sluice.lanes', 'sluice.log.level', 'sluice.ports.board', 'sluice.host', 'sluice.ordering'].map((path) => sources.get(path)),
    ).toEqual([
      { value: '4', source: { type: 'flag' } },
      { value: 'debug', source: { type: 'environment', variable: 'SLUICE_LOG_LEVEL' } },
      { value: '3', source: { type: 'file', position: { file: '1.yaml', line: 1, column: 35 } } },
      { value: 'a', source: { type: 'file', position: { file: '0.yaml', line: 1, column: 26 } } },
      { value: 'key', source: { type: 'default' } },
    ]);
  });

  it('let a function type differ from the others', () => {
    const { config, problems } = load(['sluice: {functions: {on_failure: dead_letter, types: {a/f: {on_failure: park}}}}'], {
      SLUICE_FUNCTIONS_MAX_IN_FLIGHT: '7',
      SLUICE_FUNCTIONS_ORIGIN_HEADERS: 'true',
    });
    expect([config.settings.functions, problems]).toEqual([
      { maxInFlight: 7, onFailure: 'dead_letter', originHeaders: true, types: { 'a/f': { onFailure: 'park' } } },
      [],
    ]);
  });

  it('take lists from the environment, and REDIS_URL where there is no SLUICE_REDIS_URL', () => {
    const env = { SLUICE_REDIS_SENTINEL_MASTER: 'm', SLUICE_REDIS_SENTINEL_NODES: 'a:1, b:2', REDIS_URL: 'redis://other:1' };
    expect(load([], env).config.settings.redis).toMatchObject({ sentinel: { nodes: ['a:1', 'b:2'] }, url: 'redis://other:1' });
    expect(load([], { ...env, SLUICE_REDIS_URL: 'redis://ours:1/3' }).config.settings.redis.url).toBe('redis://ours:1/3');
  });

  it('take a login of the board from the files or the environment', () => {
    const inFile = load(['sluice: {board: {login: {proxy_header: X-User, proxy_addresses: [10.0.0.1, "fd00::/8"]}, read_only: true}}']);
    expect([inFile.config.settings.board, inFile.problems]).toEqual([
      {
        ...{ login: { type: 'proxy', header: 'X-User', addresses: ['10.0.0.1', 'fd00::/8'] } },
        ...{ readOnly: true, payloads: false, allowedHosts: [] },
      },
      [],
    ]);
    const inEnv = load([], {
      SLUICE_BOARD_LOGIN_USERNAME: 'ada',
      SLUICE_BOARD_LOGIN_PASSWORD: 'hunter2',
      SLUICE_BOARD_PAYLOADS: 'true',
      SLUICE_BOARD_ALLOWED_HOSTS: 'a.example, B.example',
    });
    expect([inEnv.config.settings.board, inEnv.problems]).toEqual([
      {
        ...{ login: { type: 'basic', username: 'ada', password: new Secret('hunter2') } },
        ...{ readOnly: false, payloads: true, allowedHosts: ['a.example', 'b.example'] },
      },
      [],
    ]);
    const path = join(mkdtempSync(join(tmpdir(), 'sluice-secret-')), 'password');
    writeFileSync(path, 'hunter3\n');
    const fromFile = load([], { SLUICE_BOARD_LOGIN_USERNAME: 'ada', SLUICE_BOARD_LOGIN_PASSWORD_FILE: path });
    const { login } = fromFile.config.settings.board;
    expect([login?.type === 'basic' && login.password instanceof Secret && login.password.reveal(), fromFile.problems]).toEqual([
      'hunter3',
      [],
    ]);
    expect(load(['sluice: {board: {login: {username: ada, password_file: /run/secrets/board}}}']).config.settings.board.login).toEqual({
      ...{ type: 'basic', username: 'ada', password: { file: '/run/secrets/board' } },
    });
  });

  it('take an empty login, as `sluice create` writes it, for none', () => {
    const { config, problems } = load(['sluice: {board: {login: {}}}']);
    expect([config.settings.board.login, problems]).toEqual([undefined, []]);
  });

  it.each([
    '{username: ada}',
    '{password: hunter2}',
    '{username: ada, password: hunter2, password_file: f}',
    '{proxy_header: X-User}',
    '{username: ada, password: hunter2, proxy_header: X-User, proxy_addresses: [10.0.0.1]}',
  ])('refuse the incomplete login %s', (login) => {
    expect(load([`sluice: {board: {login: ${login}}}`]).problems).toEqual([
      expect.objectContaining({
        ...{ severity: 'error', code: 'field.value', line: 1, column: 25 },
        message:
          '`login`: needs `username` with one of `password` and `password_file`, or `proxy_header` with `proxy_addresses`, and not parts of both',
      }),
    ]);
  });

  it('take secrets from files that the environment names', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'sluice-secret-')), 'password');
    writeFileSync(path, 'hunter2\n');
    const { config, problems } = load([], { SLUICE_REDIS_PASSWORD_FILE: path });
    expect([config.settings.redis.password?.reveal(), problems]).toEqual(['hunter2', []]);
  });

  it('never show a secret', () => {
    const loaded = load(
      [
        'sluice: {redis: {url: "rediss://me:pa%73s@host:6380/2", sentinel: {master: m, nodes: [a], password: hunter2}}}',
        'output: {aws_kinesis: {stream: s, partition_key: k, credentials: {id: i, secret: hunter3}}}',
      ],
      {},
      ['output.aws_kinesis.credentials.token=hunter4'],
    );
    const { redis } = loaded.config.settings;
    expect([redis.url, redis.username, redis.password?.reveal(), redis.tls.enabled]).toEqual(['rediss://host:6380/2', 'me', 'pass', true]);
    const shown = [
      inspect(loaded.config, { depth: 20 }),
      JSON.stringify(loaded.config),
      JSON.stringify(loaded.effective),
      JSON.stringify(loaded.problems),
      String(new Secret('hunter5')),
    ].join('\n');
    expect(shown).not.toMatch(/hunter|pa%73s|pass@|"pass"/);
  });

  it.each([
    ['sluice: {lanes: 0}', {}, 'error field.value 0.yaml(1,17) `lanes`: must be at least 1, got 0'],
    ['sluice: {lanse: 1}', {}, 'error field.unknown 0.yaml(1,10) unknown field `lanse` in `sluice`; did you mean `lanes`?'],
    [
      'sluice: {redis: {url: "http://x"}}',
      {},
      'error field.value 0.yaml(1,23) `url`: expected `redis://host:port/db` or `rediss://host:port/db`, where `db` is a number',
    ],
    [
      'sluice: {lease: {ttl: 1s, renew: 900ms}}',
      {},
      'error field.value 0.yaml(1,17) `lease`: `ttl` must be at least twice `renew` and 500 ms, so that a lease outlasts a late renewal and a request',
    ],
    [
      'sluice: {backpressure: {low_water_bytes: 2GiB}}',
      {},
      'error field.value 0.yaml(1,24) `backpressure`: a low water mark must not be above its high water mark',
    ],
    [
      'sluice: {backpressure: {high_water_bytes: lots}}',
      {},
      'error field.value 0.yaml(1,43) `high_water_bytes`: expected a size in bytes such as 65536, `512KiB` or `1MiB`, got `lots`',
    ],
    ['sluice: {egresses: {a/b: {stream: s}}}', {}, 'warning target.unresolved 0.yaml(1,21) no egress is called `a/b`'],
    [
      'sluice: {redis: {cluster: [a:1]}}',
      {},
      'error worker.unsupported 0.yaml(1,27) `redis.cluster`: Sluice does not run on Redis Cluster; set `redis.url`, or `redis.sentinel` for fail-over (docs/decisions/0002)',
    ],
    [
      'sluice: {board: {allowed_hosts: ["https://a:1"]}}',
      {},
      'error field.value 0.yaml(1,34) `allowed_hosts.0`: expected a host name without scheme and port, such as `board.example.com`, got `https://a:1`',
    ],
    [
      'sluice: {board: {login: {proxy_header: X-User, proxy_addresses: [proxy]}}}',
      {},
      'error field.value 0.yaml(1,66) `proxy_addresses.0`: expected an IP address or a network such as `10.0.0.0/8`, got `proxy`',
    ],
    ['sluice: 3', {}, 'error field.type 0.yaml(1,9) `sluice`: expected an object, got `3`'],
    [
      'sluice: {}\noutput: {}',
      {},
      'error field.unknown 0.yaml(2,1) unknown field `output` beside `sluice`: put other documents below a line `---`',
    ],
    ['', { SLUICE_LANES: 'many' }, 'error field.value $SLUICE_LANES(1,1) `lanes`: expected an integer, got `many`'],
    ['', { SLUICE_LANSE: '1' }, 'warning field.unknown $SLUICE_LANSE(1,1) is no setting of Sluice; did you mean `SLUICE_LANES`?'],
    [
      '',
      { SLUICE_REDIS_PASSWORD_FILE: '/nonexistent' },
      'error file.unreadable $SLUICE_REDIS_PASSWORD_FILE(1,1) the file `/nonexistent` that SLUICE_REDIS_PASSWORD_FILE names cannot be read: ENOENT',
    ],
    [
      '',
      { SLUICE_HOST: 'a', SLUICE_HOST_FILE: '/nonexistent' },
      'error env.invalid $SLUICE_HOST_FILE(1,1) both SLUICE_HOST and SLUICE_HOST_FILE are set; unset one',
    ],
  ])('%s %j', (text, env, expected) => {
    const { problems } = load([text], env);
    expect(
      problems.map(({ severity, code, file, line, column, message }) => `${severity} ${code} ${file}(${line},${column}) ${message}`),
    ).toContain(expected);
  });
});

describe('settings of one egress', () => {
  it('win over the general ones', () => {
    const module = 'kind: io.statefun.kinesis.v1/egress\nspec: {id: a/b}\n';
    const { config } = load([
      module,
      'sluice: {lanes: 4, aggregation: off, egresses: {a/b: {stream: s, lanes: 2, ordering: strict, aggregation: on}}}',
    ]);
    expect(
      config.egresses.map(({ stream, lanes, ordering, aggregation }) => ({ stream, lanes, ordering, enabled: aggregation.enabled })),
    ).toEqual([{ stream: { type: 'record', default: 's' }, lanes: 2, ordering: 'strict', enabled: true }]);
  });
});

describe('environment files', () => {
  it('are missed where a pattern matches none', async () => {
    const { problems } = await loadConfig({ files: [], env: {}, envFiles: ['/nonexistent/*.env'] });
    expect(problems).toEqual([
      {
        severity: 'error',
        file: '/nonexistent/*.env',
        line: 1,
        column: 1,
        code: 'file.unreadable',
        message: 'matches no file; check the pattern',
      },
    ]);
  });

  it('are laid over the environment', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-env-'));
    const [envFile, file] = [join(directory, '.env'), join(directory, 'b.yaml')];
    writeFileSync(envFile, 'STREAM=from-file\nSLUICE_LANES=7\n');
    writeFileSync(file, 'output: {aws_kinesis: {stream: "${STREAM}-${OTHER:x}", partition_key: k}}');
    const { config, problems } = await loadConfig({ files: [file], env: { STREAM: 'from-process' }, envFiles: [join(directory, '.e*')] });
    expect([config.egresses[0]?.stream, config.settings.lanes, problems]).toEqual([{ type: 'fixed', stream: 'from-file-x' }, 7, []]);
  });
});

const load = (texts: readonly string[], env: Record<string, string> = {}, overrides: readonly string[] = []) =>
  compileConfig(
    texts.map((text, index) => ({ name: `${index}.yaml`, text })),
    { env, overrides },
  );
