import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

describe('the IAM policies', () => {
  it('allow every call that the workers make, and no other', () => {
    const calls = callsOfTheClient();
    expect(actionsOf('both')).toEqual(calls.toSorted());
    // Only the egress-worker puts; both look at their streams.
    expect(actionsOf('reader')).toEqual(calls.filter((call) => call !== 'kinesis:PutRecords').toSorted());
    expect(actionsOf('writer')).toEqual(['kinesis:DescribeStreamSummary', 'kinesis:ListShards', 'kinesis:PutRecords']);
  });

  it('name streams and keys one by one', () => {
    for (const name of ['reader', 'writer', 'both'])
      for (const { Resource } of policy(name).Statement)
        for (const arn of Resource) expect(arn).toMatch(/^arn:aws:(kinesis|kms):REGION:ACCOUNT:/);
  });

  it('fit what the egress-worker asks of its sink', () => {
    const sink = readFileSync(join(ROOT, 'packages/kinesis/src/ports.ts'), 'utf8').match(/export interface KinesisSink \{.*?\n\}/s)![0];
    expect([...sink.matchAll(/^ {2}(\w+)\(/gm)].map(([, method]) => method).toSorted()).toEqual([
      'describeStream',
      'listShards',
      'putRecords',
    ]);
  });
});

interface Policy {
  readonly Statement: ReadonlyArray<{ readonly Action: readonly string[]; readonly Resource: readonly string[] }>;
}

const policy = (name: string) => JSON.parse(readFileSync(join(ROOT, `deploy/iam/${name}.json`), 'utf8')) as Policy;

const actionsOf = (name: string): string[] =>
  [...new Set(policy(name).Statement.flatMap(({ Action }) => Action))].filter((action) => action.startsWith('kinesis:')).toSorted();

/** Each command of the SDK that production code names is the call of that name: some are made, of others only the endpoint rules are used. */
function callsOfTheClient(): string[] {
  const files = globSync('{packages,apps}/*/src/**/*.ts', { cwd: ROOT }).filter(
    (file) => !/\.test\.ts$|\/testing\/|kinesis-emulator|testkit/.test(file),
  );
  const sources = files
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .filter((source) => source.includes('@aws-sdk/client-kinesis'));
  return [...new Set(sources.flatMap((source) => [...source.matchAll(/\b([A-Z]\w+)Command\b/g)].map(([, call]) => `kinesis:${call}`)))];
}
