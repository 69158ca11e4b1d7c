import type { MetricName } from './rules.ts';

export interface MeasuredRule {
  readonly name: MetricName;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Gauges that belong to no event: they are measured whenever the metrics are read. */
export const measured = {
  actors: { name: 'sluice_actors', help: 'Actors by machine and state, as `/actors` shows them one by one.', labels: ['machine', 'state'] },
  ready: { name: 'sluice_ready', help: '1 while `/ready` answers 200, else 0.', labels: [] },
} as const satisfies Record<string, MeasuredRule>;
