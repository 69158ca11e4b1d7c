import type { Registry } from 'prom-client';
import { type AnyMetricRule, createMeter, type Facts, type Meter } from '../meter.ts';
import { type BenthosRule, benthosRules } from './benthos-rules.ts';

/** How Benthos names a component: its label, '' where it has none, and its place in the file. */
export interface BenthosComponent {
  readonly label: string;
  readonly path: string;
}

/** The component of an ingress, an egress or a processor (by its path); `undefined`: it is not counted under such names. */
export type FindComponent = (kind: BenthosRule['component'], id: string) => BenthosComponent | undefined;

/** Where Benthos files have resources and the buffer, all of them with one path. */
export function resourcePath(kind: BenthosRule['component']): string | undefined {
  if (kind === 'cache') return 'root.cache_resources';
  return kind === 'rateLimit' ? 'root.rate_limit_resources' : undefined;
}

/** Meters of Benthos' metrics, by the type of the event that they count. */
export function createBenthosMeters(registry: Registry, find: FindComponent): ReadonlyMap<string, readonly Meter[]> {
  const meters = new Map<string, Meter>();
  return new Map(
    Object.entries(benthosRules).map(([type, { component, below = '', metrics }]) => [
      type,
      metrics.map(({ labels = [], ...metric }): Meter => {
        const rule: AnyMetricRule = { ...metric, labels: ['label', 'path', ...labels] };
        const meter = meters.get(metric.name) ?? createMeter(rule, registry);
        meters.set(metric.name, meter);
        const withName = <F extends Facts>(facts: F, use: (named: F) => void): void => {
          const found = find(component, String(facts[component]));
          if (found) use({ ...facts, label: found.label, path: `${found.path}${below}` });
        };
        return {
          record: (event) => withName(event, meter.record),
          remove: () => undefined,
          startAtZero: (known) => {
            if (known[component] !== undefined) withName(known, meter.startAtZero);
          },
        };
      }),
    ]),
  );
}
