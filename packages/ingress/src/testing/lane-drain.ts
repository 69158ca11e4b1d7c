import { type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore } from '@sluice/lease';
import { type LaneReceiver, laneLeaseKey, openLaneReceiver } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';

/** What a consumer of a target's lanes got, lane by lane. */
export interface Drained {
  readonly records: readonly SluiceRecord[];
  /** Records that the replay filter left out. */
  readonly skipped: number;
}

/** Takes and acks whatever comes into the lanes of a target, as an egress-worker would, until told to stop. */
export interface LaneDrain extends AsyncDisposable {
  readonly drained: Drained;
  /** Resolves once so many records have come. */
  until(count: number): Promise<Drained>;
}

const LEASE_MS = 10 * 60_000;

export async function startLaneDrain(redisUrl: string, target: string, lanes: number): Promise<LaneDrain> {
  const session = await connectRedis({ url: redisUrl }, { logger: silentLogger, clock: systemClock });
  const stop = new AbortController();
  const drained = { records: [] as SluiceRecord[], skipped: 0 };
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  const note = (records: readonly SluiceRecord[], skipped: number) => {
    drained.records.push(...records);
    drained.skipped += skipped;
    if (waiting && drained.records.length >= waiting.count) waiting.resolve();
  };
  const loops = Array.from({ length: lanes }, async (_, lane) => drainLane(await openLane(session, target, lane), note, stop.signal));
  return {
    drained,
    async until(count) {
      const reached = Promise.withResolvers<void>();
      waiting = { count, resolve: reached.resolve };
      if (drained.records.length < count) await reached.promise;
      return drained;
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('drained'));
      await Promise.allSettled(loops);
      await session[Symbol.asyncDispose]();
    },
  };
}

async function openLane(session: RedisSession, target: string, lane: number): Promise<LaneReceiver> {
  const { epoch } = session;
  const key = laneLeaseKey({ target, lane });
  const answer = await createRedisLeaseStore(session).claim({ epoch, key, worker: 'drain', ttlMs: LEASE_MS });
  if (answer.outcome !== 'claimed') throw new Error(`lane ${lane} is ${answer.outcome}`);
  return openLaneReceiver({ session, target, lane, lease: { token: answer.token, epoch }, clock: systemClock, logger: silentLogger });
}

async function drainLane(
  lane: LaneReceiver,
  note: (records: readonly SluiceRecord[], skipped: number) => void,
  signal: AbortSignal,
): Promise<void> {
  await lane.takeOver();
  while (!signal.aborted) {
    const { jobs, skipped } = await lane.take(10);
    await lane.settle(jobs.map((job) => ({ job, remaining: [], deadLetters: [] })));
    note(
      jobs.flatMap(({ records }) => records),
      skipped.records,
    );
    if (jobs.length === 0) await lane.waitForWork(signal).catch(() => undefined);
  }
}
