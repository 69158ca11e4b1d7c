import type { MetricName } from './rules.ts';

export interface MeasuredRule {
  readonly name: MetricName;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Gauges that belong to no event: they are measured whenever the metrics are read. */
export const measured = {
  actors: { name: 'sluice_actors', help: 'Actors by machine and state, as `/actors` shows them one by one.', labels: ['machine', 'state'] },
  build: {
    name: 'sluice_build_info',
    help: 'Always 1. Its labels tell the version of Sluice, that of Node, and which worker this is.',
    labels: ['version', 'node', 'app'],
  },
  ready: { name: 'sluice_ready', help: '1 while `/ready` answers 200, else 0.', labels: [] },
} as const satisfies Record<string, MeasuredRule>;
