import { expect, it } from 'vitest';
import { figuresOf } from './worker-metrics.ts';

it('adds up counters over their labels and takes the largest lag', () => {
  const text = [
    '# TYPE sluice_ingress_records_total counter',
    'sluice_ingress_records_total{ingress="in",stream="a"} 1500',
    'sluice_ingress_records_total{ingress="in",stream="b"} 2.5e3',
    'sluice_ingress_lag_seconds{ingress="in",stream="a",shard="shardId-000000000000"} 0.25',
    'sluice_ingress_lag_seconds{ingress="in",stream="a",shard="shardId-000000000001"} 3',
    'sluice_egress_records_total{egress="out"} 3900',
    'sluice_dead_letters_total{target="out",code="RECORD_TOO_LARGE"} 2',
  ].join('\n');

  expect(figuresOf(text)).toEqual({ read: 4000, written: 3900, deadLettered: 2, lagSeconds: 3 });
});
