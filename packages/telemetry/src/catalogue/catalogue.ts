import type { EventOf, EventType } from '../events/events.ts';
import { deadLetterRules } from './dead-letter-rules.ts';
import { egressRules } from './egress-rules.ts';
import { functionRules } from './function-rules.ts';
import { ingressRules } from './ingress-rules.ts';
import { laneRules } from './lane-rules.ts';
import { pipelineRules } from './pipeline-rules.ts';
import type { EventRule } from './rules.ts';

export type Catalogue = { readonly [Type in EventType]: EventRule<EventOf<Type>> };

/** Every event that Sluice reports, with its log line and its metrics. `docs/metrics.md` lists the same. */
export const catalogue: Catalogue = {
  ...ingressRules,
  ...egressRules,
  ...laneRules,
  ...functionRules,
  ...deadLetterRules,
  ...pipelineRules,
  'lease.claimed': {
    level: 'info',
    message: 'lease claimed',
    metrics: [{ name: 'sluice_leases_claimed_total', help: 'Leases claimed.', kind: 'counter', labels: ['group'] }],
  },
  'lease.lost': {
    level: 'info',
    message: 'lease lost',
    metrics: [
      {
        name: 'sluice_leases_lost_total',
        help: 'Leases lost by reason.',
        kind: 'counter',
        labels: ['group', 'reason'],
        known: { reason: ['expired', 'stolen', 'connection', 'released'] },
      },
    ],
  },
  'config.reloaded': {
    level: undefined,
    message: 'configuration loaded anew',
    metrics: [
      {
        name: 'sluice_config_reloads_total',
        help: 'Times that the configuration was loaded anew while the worker ran, by outcome.',
        kind: 'counter',
        labels: ['outcome'],
        known: { outcome: ['applied', 'unchanged', 'refused'] },
      },
    ],
  },
  'redis.lost': {
    level: 'warn',
    message: 'connection to Redis lost; every lease is given up',
    metrics: [{ name: 'sluice_redis_connections_lost_total', help: 'Connections to Redis that were lost.', kind: 'counter', labels: [] }],
  },
};
