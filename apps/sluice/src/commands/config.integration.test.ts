import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

// Each command is a process of its own, several in some tests.
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-config-command-'));
  await writeFile(join(folder, 'benthos.yaml'), BENTHOS);
  await writeFile(join(folder, 'sluice.yaml'), 'sluice:\n  redis: {url: "redis://me:hunter1@localhost"}\n  lanes: 8\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BENTHOS = `output:
  label: orders
  processors:
    - mapping: |
        root = this
        root.a = 1
  aws_kinesis:
    stream: \${STREAM:out}
    partition_key: '\${! json("id") }'
    credentials: {id: AKIA, secret: hunter2, token: "\${TOKEN}"}
`;

const show = (...args: string[]) =>
  runSluice(['config', 'show', '-c', 'benthos.yaml', '-c', 'sluice.yaml', '-s', 'sluice.ordering=strict', ...args], {
    cwd: folder,
    env: { TOKEN: 'hunter3', SLUICE_LOG_LEVEL: 'debug', SLUICE_REDIS_PASSWORD: 'hunter4' },
  });

describe('sluice config show', () => {
  it('says what is in force and where it comes from, secrets left out', async () => {
    const { code, stdout, stderr } = await show('--no-defaults');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`# benthos.yaml:1
output:
  label: orders                        # benthos.yaml:2
  processors:
    - mapping: |                       # benthos.yaml:4
        root = this
        root.a = 1
  aws_kinesis:
    stream: out                        # benthos.yaml:8
    partition_key: '\${! json("id") }'  # benthos.yaml:9
    credentials:
      id: AKIA                         # benthos.yaml:10
      secret: "[redacted]"             # benthos.yaml:10
      token: "[redacted]"              # environment variable TOKEN at benthos.yaml:10
---
# the settings of Sluice
sluice:
  redis:
    url: "redis://me:[redacted]@localhost"  # sluice.yaml:2
    password: "[redacted]"                  # environment variable SLUICE_REDIS_PASSWORD
  lanes: 8                                  # sluice.yaml:3
  ordering: strict                          # flag
  log:
    level: debug                            # environment variable SLUICE_LOG_LEVEL
`);
  });

  it('leaves secrets out of JSON too, and shows defaults', async () => {
    const { code, stdout } = await show('--format', 'json');
    const { documents } = JSON.parse(stdout) as {
      documents: { name: string; values: { path: string; value: string; source: object }[] }[];
    };
    const values = new Map(documents.flatMap(({ values }) => values.map(({ path, ...rest }) => [path, rest])));
    expect({ code, names: documents.map(({ name }) => name), isSilent: !stdout.includes('hunter') }).toEqual({
      ...{ code: 0, isSilent: true },
      names: ['benthos.yaml:1', 'sluice'],
    });
    expect(values.get('sluice.lease.ttl')).toEqual({ value: '5s', source: { type: 'default' } });
    expect(values.get('sluice.log.level')).toEqual({ value: 'debug', source: { type: 'environment', variable: 'SLUICE_LOG_LEVEL' } });
  });

  it('shows its own YAML as what it means: read again, it is in force', async () => {
    const { stdout } = await show();
    await writeFile(join(folder, 'again.yaml'), stdout.replaceAll('[redacted]', 'x'));
    const again = await runSluice(['config', 'show', '--no-defaults', '-c', 'again.yaml', '--format', 'json'], { cwd: folder });
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
    const mapping = JSON.parse(again.stdout).documents[0].values.find(
      ({ path }: { path: string }) => path === 'output.processors.0.mapping',
    );
    expect(mapping.value).toBe('root = this\nroot.a = 1\n');
  });

  it('shows problems instead, if there are errors', async () => {
    const { code, stdout, stderr } = await show('-s', 'sluice.lanse=1');
    expect({ code, stdout, lines: stderr.split('\n') }).toEqual({
      code: 1,
      stdout: '',
      lines: [
        expect.stringMatching(/^-s sluice\.lanse\(1,\d+\) unknown field `lanse`/),
        'sluice: the configuration has an error; nothing was started (CONFIG_INVALID)',
        '',
      ],
    });
  });
});

describe('sluice create', () => {
  it.each([
    [['create'], '# Reads one Kinesis stream and writes to another, as a Benthos file.'],
    [['create', 'module', '--small'], '# Where records come from, as a module.yaml.'],
    [['create', 'sluice', '--full'], '# Settings that neither a Benthos file nor a module.yaml has. Keep them in a separate file.'],
  ])('%j prints what lint accepts', async (args, title) => {
    const { code, stdout, stderr } = await runSluice(args);
    await writeFile(join(folder, 'created.yaml'), stdout);
    const linted = await runSluice(['lint', '--strict', 'created.yaml'], { cwd: folder });
    expect({ code, title: stdout.split('\n')[0], stderr, linted }).toEqual({
      ...{ code: 0, title, stderr: '' },
      linted: { code: 0, stdout: '1 file checked: no errors\n', stderr: '' },
    });
  });

  it('refuses a language that it does not know', async () => {
    const { code, stderr } = await runSluice(['create', 'toml']);
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      "error: command-argument value 'toml' is invalid for argument 'language'. Allowed choices are benthos, module, sluice.",
    ]);
  });
});
