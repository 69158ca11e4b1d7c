import { createHash } from 'node:crypto';
import { createKinesisClient, type OutgoingRecord } from '@sluice/kinesis';

const KEYS = 1_000;
const PER_REQUEST = 500;

/** Puts `count` records of `size` bytes under a thousand keys, eight requests at a time. */
export async function fill(endpoint: string, stream: string, count: number, size: number): Promise<void> {
  using client = createKinesisClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + PER_REQUEST);
      const records = Array.from({ length: next - from }, (_, index) => recordOf(from + index, size));
      const { failedCount } = await client.putRecords({ stream, records });
      if (failedCount > 0) throw new Error(`${failedCount} records were refused; the stream has quotas`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** JSON text of exactly `size` bytes that does not compress to nothing. */
export function recordOf(index: number, size: number): OutgoingRecord {
  const head = `{"n":${index},"text":"`;
  const noise = createHash('sha512').update(String(index)).digest('base64url');
  const data = `${head}${noise.repeat(Math.ceil(size / noise.length)).slice(0, size - head.length - 2)}"}`;
  return { partitionKey: `key-${index % KEYS}`, data: Buffer.from(data) };
}
