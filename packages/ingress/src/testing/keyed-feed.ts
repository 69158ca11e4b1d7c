import type { SluiceRecord } from '@sluice/core';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';

/** Puts records `key:number` with ascending numbers per key, repeating what was throttled, so that each key is in order in its stream. */
export interface KeyedFeed extends Disposable {
  readonly kinesis: KinesisClient;
  /** Records put so far. */
  readonly count: number;
  put(count: number): Promise<void>;
}

const KEYS = 50;

export function createKeyedFeed(endpoint: string, stream: string): KeyedFeed {
  const kinesis = createKinesisClient({ region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  let count = 0;
  return {
    kinesis,
    get count() {
      return count;
    },
    async put(more) {
      const until = count + more;
      // One record a key and request: a part of a request that is throttled cannot change the order of a key.
      while (count < until) {
        let records = Array.from({ length: Math.min(KEYS, until - count) }, () => recordOf(count++));
        while (records.length > 0) {
          const { results } = await kinesis.putRecords({ stream, records });
          const failed = records.filter((_, index) => 'errorCode' in results[index]!);
          if (failed.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
          records = failed;
        }
      }
    },
    [Symbol.dispose]: () => kinesis[Symbol.dispose](),
  };
}

function recordOf(index: number) {
  const partitionKey = `key-${index % KEYS}`;
  return { partitionKey, data: Buffer.from(`${partitionKey}:${Math.floor(index / KEYS)}`) };
}

/** How what arrived differs from what was put. */
export interface Comparison {
  readonly lost: number;
  readonly duplicated: number;
  /** Records whose first occurrence came after a later one of their key. */
  readonly outOfOrder: number;
}

export function compare(arrived: readonly SluiceRecord[], count: number): Comparison {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  let outOfOrder = 0;
  for (const { data } of arrived) {
    const text = Buffer.from(data).toString();
    const [key, number] = text.split(':') as [string, string];
    if (seen.has(text)) continue;
    seen.add(text);
    if (Number(number) < (last.get(key) ?? -1)) outOfOrder++;
    last.set(key, Number(number));
  }
  return { lost: count - seen.size, duplicated: arrived.length - seen.size, outOfOrder };
}
