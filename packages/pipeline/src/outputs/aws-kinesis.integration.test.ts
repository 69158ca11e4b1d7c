// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { type KinesisEmulatorOptions, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { startBucketStub } from '@sluice/object-store/testing';
import { startCollector } from '@sluice/telemetry/testing';
import { describe, expect, it } from 'vitest';
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

describe('the settings of Sluice for an output without lanes', () => {
  it.each([
    ['key', 1],
    ['strict', 40],
  ])('ordering: %s', async (ordering, requests) => {
    const { putRecords } = await written(
      `ordering: ${ordering}`,
      Array.from({ length: 40 }, (_, index) => `a${index}`),
    );
    expect(putRecords.length).toBe(requests);
  });

  it('aggregation', async () => {
    const { records } = await written('egresses: {output/out: {aggregation: on}}', ['a1', 'b1', 'a2', 'a3']);
    expect(records.length).toBe(2);
  });

  it('oversize', async () => {
    await using bucket = await startBucketStub();
    const s3 = `{bucket: b, prefix: large/, endpoint: '${bucket.url}', force_path_style_urls: true}`;
    const { records } = await written(`egresses: {output/out: {oversize: {s3: ${s3}}}}`, ['a1', `a${'x'.repeat(1_048_577)}`, 'a3']);
    expect(records.map((text) => text.slice(0, 30))).toEqual(['a1', '{"format":"sluice.offloaded/1"', 'a3']);
    expect([...bucket.objects.values()].map(({ length }) => length)).toEqual([1_048_578]);
  });

  it('quotas: no shard throttles', async () => {
    const texts = Array.from({ length: 1_500 }, (_, index) => String(index).padStart(6, '0'));
    const { putRecords, records } = await written('quotas: always', texts, { quotas: true });
    expect([records.length, putRecords.reduce((sum, count) => sum + count, 0)]).toEqual([1_500, 1_500]);
  });

  it('metrics and tracing: counted once under each name, and pushed', async () => {
    await using collector = await startCollector();
    await written(`metrics: {names: both, otlp: {endpoint: '${collector.url}'}}, tracing: {endpoint: '${collector.url}', ratio: 1}`, [
      'a1',
      'b1',
    ]);
    const [sent] = collector.metrics.get('output_sent')!.sum!.dataPoints;
    expect(sent!.asDouble).toBe(2);
    expect(collector.metrics.get('output_sent')!.sum!.dataPoints.length).toBe(1);
    expect(collector.metrics.get('sluice_egress_records_total')!.sum!.dataPoints[0]!.asDouble).toBe(2);
    expect(collector.spans.map(({ name }) => name)).toEqual([expect.stringMatching(/^put .*sink$/)]);
  });

  it('stream', async () => {
    const { records } = await written('egresses: {output/out: {stream: sink}}', ['a1'], {}, 'elsewhere');
    expect(records).toEqual(['a1']);
  });
});

/** Writes lines as one batch; their first letters are their keys, those of six characters their own. */
async function written(settings: string, lines: readonly string[], options: KinesisEmulatorOptions = {}, stream = 'sink') {
  const putRecords: number[] = [];
  await using kinesis = await startKinesisEmulator({
    ...{ streams: { sink: 1 }, quotas: false },
    ...options,
    onRequest: ({ operation, records }) => operation === 'PutRecords' && putRecords.push(records!),
  });
  const key = 'if content().length() == 6 { content() } else { content().slice(0, 1) }';
  const aws = `endpoint: '${kinesis.endpoint}', region: us-east-1, credentials: {id: a, secret: b}`;
  const batching = `batching: {count: ${lines.length}}`;
  const output = `{label: out, aws_kinesis: {stream: ${stream}, partition_key: '\${! ${key} }', ${aws}, ${batching}}}`;
  await runText(`input: {stdin: {scanner: {lines: {max_buffer_size: 2000000}}}}\noutput: ${output}\n---\nsluice: {${settings}}\n`, {
    stdin: lines.map((line) => `${line}\n`).join(''),
  });
  return { putRecords, records: kinesis.records('sink').map(({ data }) => Buffer.from(data).toString()) };
}
