import { randomUUID } from 'node:crypto';
import { type RecordOrigin, type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore, type FencingToken } from '@sluice/lease';
import { connectRedis, type LaneAddress, laneLeaseKey, type RedisSession } from '@sluice/redis';
import { decodeFrame } from '../frame/decode-frame.ts';
import { encodeFrame } from '../frame/encode-frame.ts';
import type { LaneReceiver, LaneReceiverOptions } from '../receiver/lane-receiver.ts';
import { openLaneReceiver } from '../receiver/open-lane-receiver.ts';
import type { LaneBatch } from '../sender/lane-sender.ts';

export const connectTo = (url: string): Promise<RedisSession> => connectRedis({ url }, { logger: silentLogger, clock: systemClock });

/** Claims the lane's lease, also from another owner whose lease has not expired, and opens the lane under it. */
export async function ownLane(
  session: RedisSession,
  address: LaneAddress & Pick<LaneReceiverOptions, 'reusesMemory'>,
): Promise<LaneReceiver> {
  const key = laneLeaseKey(address);
  await session.run(session.epoch, (client) => client.hset(key, 'until', 0));
  const store = createRedisLeaseStore(session);
  const claim = await store.claim({ epoch: session.epoch, key, worker: randomUUID(), ttlMs: 60_000 });
  if (claim.outcome !== 'claimed') throw new Error(`expected to claim ${key}, it is ${claim.outcome}`);
  const receiver = openLaneReceiver({
    session,
    ...address,
    lease: { token: claim.token, epoch: session.epoch },
    clock: systemClock,
    logger: silentLogger,
  });
  return receiver;
}

/** As {@link ownLane}, taken over as well. */
export async function takeLane(session: RedisSession, address: Parameters<typeof ownLane>[1]): Promise<LaneReceiver> {
  const receiver = await ownLane(session, address);
  await receiver.takeOver();
  return receiver;
}

const READER: FencingToken = { number: 1, owner: 'reader' };

/** A batch of one shard with records at these positions; each record's data is its position as text. */
export function batchOf(positions: readonly number[], { lane = 0, shardId = 'shard-0', token = READER } = {}): LaneBatch {
  const records = positions.map((position) => recordAt(position, shardId));
  const source = { stream: 'orders', shardId, token, first: records[0]!.origin!, last: records.at(-1)!.origin! };
  return { lane, records, source: { ...source, first: positionOf(source.first), last: positionOf(source.last) } };
}

export function recordAt(position: number, shardId = 'shard-0'): SluiceRecord {
  const origin: RecordOrigin = {
    stream: 'orders',
    shardId,
    sequenceNumber: String(position),
    subSequenceNumber: 0,
    arrivalTimeMs: 1_700_000_000_000,
  };
  return { partitionKey: `key-${position}`, data: Buffer.from(String(position)), metadata: {}, origin };
}

const positionOf = ({ sequenceNumber, subSequenceNumber }: RecordOrigin) => ({ sequenceNumber, subSequenceNumber });

/** Records of a job as objects of their own. */
export const plainOf = (records: readonly SluiceRecord[]): SluiceRecord[] => decodeFrame(encodeFrame(records));

/** What is in records made by {@link recordAt}. */
export const textsOf = (records: Iterable<SluiceRecord>): string[] => Array.from(records, ({ data }) => Buffer.from(data).toString());
