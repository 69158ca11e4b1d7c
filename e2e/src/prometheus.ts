import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, spawnChild, until } from '@sluice/testkit';

const RULES = resolve(import.meta.dirname, '../../deploy/prometheus/alerts.yaml');

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

/** A Prometheus with the rules that we ship, which scrapes these workers each second. */
export async function startPrometheus(workers: readonly string[]) {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-prometheus-'));
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [RULES],
    scrape_configs: [{ job_name: 'sluice', static_configs: [{ targets: workers.map((url) => new URL(url).host) }] }],
  };
  const file = join(directory, 'prometheus.json');
  await writeFile(file, JSON.stringify(config));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawnChild(
    'prometheus',
    [
      ...[`--config.file=${file}`, `--storage.tsdb.path=${join(directory, 'data')}`, `--web.listen-address=${new URL(url).host}`],
      ...['--enable-feature=exemplar-storage', '--log.level=error'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ask = async (path: string, query: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(query)}`);
    return ((await answer.json()) as { readonly data: never }).data;
  };
  await until('Prometheus to be ready', async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok === true);
  return {
    ask,
    /** The value of an expression that has one; `undefined` where it has none. */
    value: async (expression: string): Promise<number | undefined> => {
      const { result } = (await ask('query', { query: expression })) as {
        readonly result: ReadonlyArray<{ readonly value: [number, string] }>;
      };
      return result[0] && Number(result[0].value[1]);
    },
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((gone) => child.once('exit', gone));
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
