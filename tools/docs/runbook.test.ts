import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');

interface Rules {
  readonly groups: ReadonlyArray<{
    readonly rules: ReadonlyArray<{ readonly alert: string; readonly annotations: Record<string, string> }>;
  }>;
}

const alerts = (parse(readFileSync(join(ROOT, 'deploy/prometheus/alerts.yaml'), 'utf8')) as Rules).groups.flatMap(({ rules }) => rules);
const entries = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8').split(/^### /m).slice(1);
const entryOf = (alert: string) => entries.find((entry) => entry.startsWith(`${alert}\n`));

describe('the runbook', () => {
  it.each(alerts.map(({ alert }) => alert))('says of %s what to look at and what to do', (alert) => {
    expect(entryOf(alert)).toMatch(/\*\*Look at\*\*[\s\S]*\*\*Do\*\*/);
  });

  it('has entries only for alerts that there are', () => {
    const named = entries.map((entry) => entry.split('\n')[0]!).filter((title) => title.startsWith('Sluice'));
    expect(named.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  it('is where each alert points to', () => {
    expect(alerts.map(({ annotations }) => annotations['runbook_url'])).toEqual(
      alerts.map(({ alert }) => `docs/runbook.md#${alert.toLowerCase()}`),
    );
  });
});
