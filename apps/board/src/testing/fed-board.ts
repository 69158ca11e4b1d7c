import type { BoardSettings } from '@sluice/config';
import { type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { openLaneSender } from '@sluice/queue';
import { connectTo, takeLane } from '@sluice/queue/testing';
import type { RedisSession } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { startBoard } from '../board.ts';

export const TARGET = 'output/departures';

const TOO_LARGE = { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'expected at most 1 MiB, found 2 MiB', details: {} } as const;

export interface FedBoard extends AsyncDisposable {
  readonly url: string;
  readonly session: RedisSession;
  /** As a page of the board asks. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Puts one job with these keys into lane 1. */
  enqueue(keys: readonly string[]): Promise<void>;
  /** Makes dead letters of records with these keys. */
  reject(keys: readonly string[]): Promise<void>;
}

/** A board whose Redis holds two lanes of {@link TARGET}. */
export async function startFedBoard(settings: Partial<BoardSettings> = {}): Promise<FedBoard> {
  const stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedisServer());
  const session = stack.use(await connectTo(redis.url));
  const sender = await openLaneSender({ session, target: TARGET, lanes: 2, clock: systemClock });
  const board = stack.use(
    await startBoard({
      settings: { login: undefined, readOnly: false, payloads: false, allowedHosts: [], ...settings },
      ...{ keyPrefix: 'sluice', host: '127.0.0.1', port: 0, logger: silentLogger, clock: systemClock },
    }),
  );
  stack.use(await board.connect(session));
  const { csrfToken } = (await (await fetch(`${board.url}/api/session`)).json()) as { csrfToken: string };
  let number = 0;
  const enqueue = async (lane: number, keys: readonly string[]): Promise<void> => {
    const records = keys.map((key) => recordOf(key, ++number));
    const source = {
      ...{ stream: 'flights', shardId: records[0]!.origin!.shardId, token: { number: 1, owner: 'reader' } },
      ...{ first: records[0]!.origin!, last: records.at(-1)!.origin! },
    };
    await sender.enqueue([{ lane, records, source }], session.epoch);
  };
  return {
    ...{ url: board.url, session },
    ask: (path, init) =>
      fetch(`${board.url}${path}`, {
        ...init,
        headers: { 'x-csrf-token': csrfToken, ...(init?.body ? { 'content-type': 'application/json' } : {}) },
      }),
    enqueue: (keys) => enqueue(1, keys),
    reject: async (keys) => {
      await enqueue(0, keys);
      const lane = await takeLane(session, { target: TARGET, lane: 0 });
      // Dead letters that were redriven lie before them, and count as delivered.
      const { jobs } = await lane.take(1_000);
      const deadLetters = keys.map((_, index) => ({ index, reason: TOO_LARGE }));
      await lane.settle(jobs.map((job) => ({ job, remaining: [], deadLetters: job === jobs.at(-1) ? deadLetters : [] })));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const recordOf = (partitionKey: string, position: number): SluiceRecord => ({
  ...{ partitionKey, data: Buffer.from(`data of ${partitionKey}`), metadata: {} },
  origin: {
    ...{ stream: 'flights', shardId: 'shardId-000000000000', sequenceNumber: String(position) },
    ...{ subSequenceNumber: 0, arrivalTimeMs: 1_700_000_000_000 },
  },
});
