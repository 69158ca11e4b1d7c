import type { KinesisSink, OutgoingRecord } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { feed, storeInStream } from './feeder.ts';

describe('feed', () => {
  it('tries each record until the stream has it, and counts it once', async () => {
    const { sink, stored } = sinkThatFailsEvery(7);
    let count = 0;
    await run(sink, 1_200, (more) => {
      count += more;
    });
    expect(count).toBe(1_200);
    expect(new Set(stored.map(({ partitionKey }) => partitionKey)).size).toBe(1_200);
    expect(stored).toHaveLength(1_200);
  });

  it('stops between two requests when it is asked to', async () => {
    const { sink, stored } = sinkThatFailsEvery(Number.POSITIVE_INFINITY);
    const stop = new AbortController();
    await run(sink, 5_000, () => stop.abort(), stop.signal);
    expect(stored).toHaveLength(500);
  });
});

const run = (sink: KinesisSink, limit: number, onStored: (count: number) => void, signal = new AbortController().signal) =>
  feed({ store: storeInStream(sink, 's'), records: numbered(), limit, signal, onStored });

async function* numbered() {
  for (let n = 0; ; n++) yield { partitionKey: `key-${n}`, data: Buffer.from(String(n)) };
}

/** Refuses every so-manieth record it is offered. */
function sinkThatFailsEvery(nth: number) {
  const stored: OutgoingRecord[] = [];
  let offered = 0;
  const sink = {
    putRecords: async ({ records }: { records: readonly OutgoingRecord[] }) => {
      const results = records.map((record) => {
        offered += 1;
        if (offered % nth === 0) return { errorCode: 'ProvisionedThroughputExceededException', errorMessage: 'slow down' };
        stored.push(record);
        return { sequenceNumber: String(offered), shardId: 'shardId-000000000000' };
      });
      return { failedCount: results.filter((result) => 'errorCode' in result).length, results };
    },
  } as unknown as KinesisSink;
  return { sink, stored };
}
