import type { OutgoingRecord } from '@sluice/kinesis';
import { until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const MIB = 1024 * 1024;
/** A source record may fill a whole MiB with its key; under this one it no longer fits. */
const SOURCE_KEY = 's';
const LONG_KEY = 'k'.repeat(200);

it('stores what can never be written as dead letters with their reasons, and delivers the neighbours in order', async () => {
  await using pipeline = await Pipeline.start({ shards: 1, outputShards: 1 });
  await pipeline.startWorkers({ ingress: 1, egress: 1 });
  const bad = {
    oversize: paddedTo(MIB - SOURCE_KEY.length, { key: LONG_KEY }),
    unreadable: 'this is not JSON',
    keyless: JSON.stringify({ key: '' }),
  };
  const good = Array.from({ length: 40 }, (_, number) => sourceRecord(JSON.stringify({ key: 'good', number })));

  const records = [
    ...good.slice(0, 10),
    sourceRecord(bad.oversize),
    ...good.slice(10, 20),
    sourceRecord(bad.unreadable),
    ...good.slice(20, 30),
    sourceRecord(bad.keyless),
    ...good.slice(30),
  ];
  const { failedCount } = await pipeline.client.putRecords({ stream: SOURCE, records });
  expect(failedCount).toBe(0);

  const delivered = good.map(({ data }) => ({ partitionKey: 'good', data }));
  expect(await pipeline.deliveredOnce(delivered)).toEqual({ fed: 40, readBack: 40, lost: 0, duplicated: 0, foreign: 0, outOfOrder: 0 });
  const letters = await until('three dead letters', async () => {
    const found = await pipeline.deadLetters();
    return found.length === 3 && found;
  });
  const told = letters.map(({ record, reason, origin, lane }) => ({
    text: Buffer.from(record.data).toString(),
    code: reason.code,
    shard: origin?.shardId,
    isExplained: reason.message.length > 0 && lane >= 0,
  }));
  const letter = (text: string, code: string) => ({ text, code, shard: 'shardId-000000000000', isExplained: true });
  expect(told.toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual([
    letter(bad.keyless, 'INVALID_PARTITION_KEY'),
    letter(bad.unreadable, 'KEY_INTERPOLATION'),
    letter(bad.oversize, 'RECORD_TOO_LARGE'),
  ]);
});

const sourceRecord = (text: string): OutgoingRecord => ({ partitionKey: SOURCE_KEY, data: Buffer.from(text) });

/** A JSON object of exactly so many bytes. */
function paddedTo(bytes: number, fields: object): string {
  const empty = JSON.stringify({ ...fields, padding: '' });
  return JSON.stringify({ ...fields, padding: 'x'.repeat(bytes - empty.length) });
}
