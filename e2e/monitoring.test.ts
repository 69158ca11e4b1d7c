import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import { hasPrometheus, startPrometheus } from './src/prometheus.ts';

const ALERTS = readFileSync(resolve(import.meta.dirname, '../deploy/prometheus/alerts.yaml'), 'utf8').match(/- alert: \w+/g)!.length;

if (!hasPrometheus)
  process.stderr.write('monitoring: no prometheus on the PATH (Debian: apt-get install prometheus); not tested with one\n');

interface Rules {
  readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<{ readonly name: string; readonly health: string }> }>;
}
interface Targets {
  readonly activeTargets: ReadonlyArray<{ readonly health: string; readonly lastError: string }>;
}
interface Alerts {
  readonly alerts: ReadonlyArray<{ readonly state: string; readonly labels: Readonly<Record<string, string>> }>;
}

it.runIf(hasPrometheus)(
  'a real Prometheus reads our metrics, takes our rules, and fires where a record becomes a dead letter',
  async () => {
    await using pipeline = await Pipeline.start({ shards: 1, outputShards: 1 });
    // To nowhere: the traces are of interest only as exemplars.
    const env = { SLUICE_TRACING_ENDPOINT: 'http://127.0.0.1:9', SLUICE_TRACING_RATIO: '1', SLUICE_METRICS_NAMES: 'both' };
    const workers = [pipeline.worker('ingress-worker', 'ingress', env), pipeline.worker('egress-worker', 'egress', env)];
    for (const worker of workers) worker.start();
    await Promise.all(workers.map((worker) => worker.ready()));
    await using prometheus = await startPrometheus(workers.map((worker) => worker.operationsUrl!));

    await until('both workers to be scraped', async () => (await prometheus.value('count(sluice_build_info{version!=""})')) === 2);
    await until('both to be healthy', async () => {
      const { activeTargets } = (await prometheus.ask('targets')) as Targets;
      return activeTargets.length === 2 && activeTargets.every(({ health, lastError }) => health === 'up' && lastError === '');
    });
    await until('every rule to be evaluated', async () => {
      const rules = ((await prometheus.ask('rules')) as Rules).groups.flatMap((group) => group.rules);
      return rules.length === ALERTS && rules.every(({ health }) => health === 'ok');
    });
    await until('the counter at 0', async () => (await prometheus.value('sluice_dead_letters_total{code="KEY_INTERPOLATION"}')) === 0);

    const good = { partitionKey: 'k', data: Buffer.from('{"key":"k"}') };
    await pipeline.client.putRecords({ stream: SOURCE, records: [good, { partitionKey: 'k', data: Buffer.from('no JSON') }] });

    const alert = await until('the alert', async () =>
      ((await prometheus.ask('alerts')) as Alerts).alerts.find(
        ({ labels, state }) => labels['alertname'] === 'SluiceDeadLetters' && state === 'firing',
      ),
    );
    expect(alert).toMatchObject({ labels: { egress: 'output/arrivals', code: 'KEY_INTERPOLATION', severity: 'warning' } });
    await until('the record to be counted', async () => (await prometheus.value('sum(sluice_delivery_seconds_count)')) === 1);
    await until(
      'it to be counted by its name of Benthos',
      async () => (await prometheus.value('sum(output_sent{label="arrivals",path="root.output"})')) === 1,
    );
    await until('the age of all lanes', async () => (await prometheus.value('count(sluice_lane_oldest_seconds)')) === 8);
    const exemplars = (await prometheus.ask('query_exemplars', {
      query: 'sluice_delivery_seconds_bucket',
      start: String(Date.now() / 1_000 - 3_600),
      end: String(Date.now() / 1_000 + 60),
    })) as ReadonlyArray<{ readonly exemplars: ReadonlyArray<{ readonly labels: Readonly<Record<string, string>> }> }>;
    expect(exemplars.flatMap((series) => series.exemplars.map(({ labels }) => labels['trace_id']))).toContainEqual(
      expect.stringMatching(/^[0-9a-f]{32}$/),
    );
  },
);
