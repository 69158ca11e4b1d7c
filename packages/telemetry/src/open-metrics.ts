import type { Family, FamilyValue } from './families.ts';

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/**
 * Metrics as OpenMetrics text, exemplars included. A counter whose name does not end in `_total`, as Benthos' do not,
 * keeps its name and is of type `unknown`, since OpenMetrics would rename it. prom-client's own form changes the names in the registry.
 */
export const toOpenMetrics = (families: readonly Family[]): string => `${families.flatMap(linesOf).join('\n')}\n# EOF\n`;

function linesOf({ name, help, type, values }: Family): string[] {
  const isTotal = name.endsWith('_total');
  const family = type === 'counter' && isTotal ? name.slice(0, -'_total'.length) : name;
  const kind = type === 'counter' && !isTotal ? 'unknown' : type;
  return [`# TYPE ${family} ${kind}`, `# HELP ${family} ${escaped(help)}`, ...values.map((value) => lineOf(name, value))];
}

function lineOf(name: string, { metricName = name, labels, value, exemplar }: FamilyValue): string {
  const line = `${metricName}${textOf(labels)} ${numberOf(value)}`;
  return exemplar ? `${line} # ${textOf(exemplar.labelSet) || '{}'} ${numberOf(exemplar.value)}` : line;
}

function textOf(labels: Readonly<Record<string, string | number>>): string {
  const entries = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return entries.length > 0 ? `{${entries.join(',')}}` : '';
}

const numberOf = (value: number): string => (Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '+Inf' : '-Inf');

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
