// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

it('writes to a stream without lanes, keys in their order, and refuses a record that can never be stored', async () => {
  await using kinesis = await startKinesisEmulator({ streams: { sink: 2 } });
  const output = `aws_kinesis: {stream: sink, partition_key: '\${! json("key").string() }', endpoint: '${kinesis.endpoint}', region: us-east-1, credentials: {id: a, secret: b}}`;
  const stdin = Array.from({ length: 400 }, (_, index) => `{"key":"${index % 7}","index":${index}}\n`).join('');
  const failed = `{stdout: {}, processors: [{mapping: 'root = "refused " + this.index.string()'}]}`;
  const written = await runText(`input: {stdin: {}}\noutput: {fallback: [{${output}}, ${failed}]}\n`, {
    stdin: `${stdin}{"key":"","index":400}\n`,
  });
  expect(written).toBe('refused 400\n');
  const records = kinesis.records('sink').map(({ data }) => JSON.parse(Buffer.from(data).toString()) as { key: string; index: number });
  expect(records).toHaveLength(400);
  const perKey = Map.groupBy(records, ({ key }) => key);
  for (const [, ofKey] of perKey)
    expect(ofKey.map(({ index }) => index)).toEqual(ofKey.map(({ index }) => index).toSorted((a, b) => a - b));
});
