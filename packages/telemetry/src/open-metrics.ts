import type { Registry } from 'prom-client';

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Value[];
}

interface Value {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
  readonly exemplar?: { readonly labelSet: Readonly<Record<string, string>>; readonly value: number };
}

/**
 * The metrics of a registry as OpenMetrics text, exemplars included. A counter whose name does not end in `_total`, as Benthos' do not,
 * keeps its name and is of type `unknown`, since OpenMetrics would rename it. prom-client's own form changes the names in the registry.
 */
export async function toOpenMetrics(registry: Registry): Promise<string> {
  const families = (await registry.getMetricsAsJSON()) as unknown as readonly Family[];
  return `${families.flatMap(linesOf).join('\n')}\n# EOF\n`;
}

function linesOf({ name, help, type, values }: Family): string[] {
  const isTotal = name.endsWith('_total');
  const family = type === 'counter' && isTotal ? name.slice(0, -'_total'.length) : name;
  const kind = type === 'counter' && !isTotal ? 'unknown' : type;
  return [`# TYPE ${family} ${kind}`, `# HELP ${family} ${escaped(help)}`, ...values.map((value) => lineOf(name, value))];
}

function lineOf(name: string, { metricName = name, labels, value, exemplar }: Value): string {
  const line = `${metricName}${textOf(labels)} ${numberOf(value)}`;
  return exemplar ? `${line} # ${textOf(exemplar.labelSet) || '{}'} ${numberOf(exemplar.value)}` : line;
}

function textOf(labels: Readonly<Record<string, string | number>>): string {
  const entries = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return entries.length > 0 ? `{${entries.join(',')}}` : '';
}

const numberOf = (value: number): string => (Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '+Inf' : '-Inf');

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
