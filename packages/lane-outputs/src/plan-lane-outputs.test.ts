import { compileConfig } from '@sluice/config';
import type { EgressesOptions } from '@sluice/egress';
import { describe, expect, it } from 'vitest';
import { planLaneOutputs } from './plan-lane-outputs.ts';

const FILE = `input: {aws_kinesis: {streams: [a]}}
output: {label: out, broker: {outputs: [{label: s, aws_kinesis: {stream: s, partition_key: k}}, {drop: {}}]}}
`;

describe('the plan of outputs behind lanes', () => {
  it.each([
    ['aggregation: shard', 'aggregation: on'],
    ['aggregation: shard', 'aggregation: shard, aggregate: {max_count: 5}'],
    ['egresses: {output/s: {aggregation: on}}', 'egresses: {output/s: {aggregation: shard}}'],
    ['quotas: auto', 'quotas: always'],
  ])('makes an output anew when settings change that its aws_kinesis outputs have: %s, then %s', (before, after) => {
    expect(basisOf(before)).toEqual(basisOf(before));
    expect(basisOf(before)).not.toEqual(basisOf(after));
  });
});

function basisOf(settings: string) {
  const { config } = compileConfig([{ name: 'c.yaml', text: `${FILE}---\nsluice: {${settings}}\n` }], { env: {} });
  // Nothing is opened for a plan alone.
  return planLaneOutputs(config, {} as EgressesOptions).get('output/out')!.basis;
}
