import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const DEPLOY = resolve(import.meta.dirname, '../../deploy');
const read = (file: string) => readFileSync(join(DEPLOY, file), 'utf8');

interface Rules {
  readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<{ readonly alert: string; readonly expr: string }> }>;
}

interface RuleTests {
  readonly tests: ReadonlyArray<{
    readonly alert_rule_test: ReadonlyArray<{ readonly alertname: string; readonly exp_alerts: readonly unknown[] }>;
  }>;
}

interface Dashboard {
  readonly panels: ReadonlyArray<{ readonly id: number; readonly targets?: ReadonlyArray<{ readonly expr: string }> }>;
}

const rules = (parse(read('prometheus/alerts.yaml')) as Rules).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('grafana/dashboard.json')) as Dashboard;
const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool)
  process.stderr.write('alerts and dashboard were not run by Prometheus: no promtool on the PATH; their metrics were checked\n');

describe('alerts and dashboard', () => {
  it('ask for metrics that exist', () => {
    const known = new Set(
      [...readFileSync(join(DEPLOY, '../docs/metrics.md'), 'utf8').matchAll(/^\| `(sluice_\w+)` \|/gm)].map(([, name]) => name),
    );
    const asked = [...rules.map(({ expr }) => expr), ...queries].flatMap((query) => query.match(/\bsluice_\w+/g) ?? []);
    expect(asked.map((name) => name.replace(/_bucket$/, '')).filter((name) => !known.has(name))).toEqual([]);
  });

  it('each have a test in which they are silent first and fire later', () => {
    const tests = (parse(read('prometheus/alerts.test.yaml')) as RuleTests).tests.flatMap((test) => test.alert_rule_test);
    const outcomes = rules.map(({ alert }) =>
      tests.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length),
    );
    expect(outcomes).toEqual(rules.map(() => [0, 1]));
  });

  it('have panels that can be told apart', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it.runIf(hasPromtool)('are understood by Prometheus, which sees every alert fire', () => {
    const promtool = (...args: string[]) => spawnSync('promtool', args, { encoding: 'utf8', cwd: join(DEPLOY, 'prometheus') });
    expect(promtool('check', 'rules', 'alerts.yaml')).toMatchObject({ status: 0 });
    expect(promtool('test', 'rules', 'alerts.test.yaml')).toMatchObject({ status: 0, stdout: expect.stringContaining('SUCCESS') });
  });

  it.runIf(hasPromtool)('have queries that parse', () => {
    // `$__rate_interval` is Grafana's.
    const asRules = {
      groups: [
        {
          name: 'dashboard',
          rules: queries.map((query, n) => ({ record: `panel_${n}`, expr: query.replaceAll('$__rate_interval', '1m') })),
        },
      ],
    };
    const folder = mkdtempSync(join(tmpdir(), 'sluice-dashboard-'));
    const file = join(folder, 'queries.json');
    writeFileSync(file, JSON.stringify(asRules));
    const checked = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });
});
