import { createRedisShardTable } from '@sluice/lease';
import { readerGroupKey, shardTableKey, sourcesKey } from '@sluice/redis';
import { type FedBoard, startFedBoard } from '../../src/testing/fed-board.ts';

const IDENTITY = { streamArn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/flights-live', streamCreatedAtMs: 1_700_000_000_000 };

/** The real board on a Redis with an ingress of a thousand shards that nobody reads, a lane with jobs, and dead letters. */
export async function startSeededBoard(): Promise<FedBoard> {
  const board = await startFedBoard({ payloads: true });
  const table = createRedisShardTable(board.session, {
    key: shardTableKey('sluice', 'flights/flights-live'),
    group: readerGroupKey('sluice', 'flights'),
    start: { kind: 'TRIM_HORIZON' },
    listed: { key: sourcesKey('sluice'), name: 'flights/flights-live' },
  });
  const shards = Array.from({ length: 1_000 }, (_, index) => ({ shardId: `shardId-${String(index).padStart(12, '0')}`, parents: [] }));
  await table.create(IDENTITY, shards);
  await board.enqueue(['DTW', 'JFK', 'ORD']);
  await board.reject(['too-large-1', 'too-large-2', 'too-large-3']);
  return board;
}
