import { SplitShardCommand } from '@aws-sdk/client-kinesis';
import type { SluiceRecord } from '@sluice/core';
import { ShardMap } from '@sluice/kinesis';
import { readBack } from '@sluice/testkit/delivery';
import { describe, expect, it } from 'vitest';
import { audit, type Rig, startRig, until } from './testing/egress-rig.ts';
import { recordOf, textOf } from './testing/fake-lane.ts';

const PARTS = 6;
const FED = { keys: 60, perKey: 10 * PARTS };
const FED_A_PART = 10 * FED.keys;
const AGGREGATION = { by: 'shard', maxRecords: 1_000, maxBytes: 51_200 } as const;
const LINGER = { count: 0, byteSize: 1_000_000, periodMs: 20 };

describe('aggregates of shards', () => {
  it.each(['key', 'strict'] as const)(
    'reach a reader that drops aggregates with a misplaced record, in the order of keys, through reshards and failures: %s',
    async (ordering) => {
      await using rig = await startRig({
        streams: { out: 3 },
        faults: {
          PutRecords: { errorRate: 0.05, errors: ['InternalFailure'], recordErrorRate: 0.1, recordErrors: ['InternalFailure'] },
        },
      });
      const { events } = await rig.startWorker({ ordering, aggregation: AGGREGATION, batching: LINGER });
      const written = () => events.reduce((sum, event) => (event.type === 'request.answered' ? sum + event.written : sum), 0);
      for (let part = 0; part < PARTS; part++) {
        await feed(rig, part);
        await until(() => written() >= (part + 0.5) * FED_A_PART);
        await splitLargest(rig);
      }
      await until(async () => audit(await readAsKcl(rig), FED).missing === 0);

      expect(audit(await readAsKcl(rig), FED)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
      const all = await readAll(rig);
      expect(all.filter(({ origin }) => origin!.subSequenceNumber > 0).length).toBeGreaterThan(all.length / 2);
    },
  );
});

/** The next ten records of each key. */
async function feed({ sender }: Rig, part: number): Promise<void> {
  const batches = new Map<number, SluiceRecord[]>();
  for (let number = part * 10; number < part * 10 + 10; number++) {
    for (let key = 0; key < FED.keys; key++) {
      const lane = sender.laneOf(`k${key}-`);
      batches.set(lane, [...(batches.get(lane) ?? []), recordOf(`k${key}-${number}`)]);
    }
  }
  await sender.enqueue(
    [...batches].map(([lane, records]) => ({ lane, records })),
    sender.session.epoch,
  );
}

async function splitLargest({ client }: Rig): Promise<void> {
  const open = (await client.listShards('out')).filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined);
  const sizeOf = ({ hashRange }: (typeof open)[number]) => hashRange.end - hashRange.start;
  const largest = open.reduce((most, one) => (sizeOf(one) > sizeOf(most) ? one : most));
  const middle = String(largest.hashRange.start + sizeOf(largest) / 2n);
  await client.sdk.send(new SplitShardCommand({ StreamName: 'out', ShardToSplit: largest.shardId, NewStartingHashKey: middle }));
}

/** The texts of all records, parents before children, without those of aggregates of which a record is in a shard that is not its own. */
async function readAsKcl({ client }: Pick<Rig, 'client'>): Promise<string[]> {
  const shards = new ShardMap(await client.listShards('out'));
  const records = await readAll({ client });
  const misplaced = records.filter((record) => !shards.isOf(record.origin!.shardId, record));
  const dropped = new Set(misplaced.map(({ origin }) => origin!.sequenceNumber));
  return records.filter(({ origin }) => !dropped.has(origin!.sequenceNumber)).map(textOf);
}

async function readAll({ client }: Pick<Rig, 'client'>): Promise<SluiceRecord[]> {
  const records: SluiceRecord[] = [];
  for await (const record of readBack(client, 'out')) records.push(record);
  return records;
}
