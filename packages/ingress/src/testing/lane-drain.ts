import { isRetryable, type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore } from '@sluice/lease';
import { type LaneReceiver, laneLeaseKey, openLaneReceiver } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { until } from '@sluice/testkit';

/** What a consumer of a target's lanes got, lane by lane. */
export interface Drained {
  readonly records: readonly SluiceRecord[];
  /** Records that the replay filter left out. */
  readonly skipped: number;
}

/** Takes and acks whatever comes into the lanes of a target, as an egress-worker would, until told to stop. */
export interface LaneDrain extends AsyncDisposable {
  readonly drained: Drained;
  /** Resolves once so many records have come. Rejects where the drain has failed. */
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
  const draining = Promise.all(Array.from({ length: lanes }, (_, lane) => drainLane({ session, target, lane, note, signal: stop.signal })));
  draining.catch(() => undefined);
  return {
    drained,
    async until(count) {
      const reached = Promise.withResolvers<void>();
      waiting = { count, resolve: reached.resolve };
      if (drained.records.length < count) await Promise.race([reached.promise, draining]);
      return drained;
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('drained'));
      await draining.catch(() => undefined);
      await session[Symbol.asyncDispose]();
    },
  };
}

interface LaneToDrain {
  readonly session: RedisSession;
  readonly target: string;
  readonly lane: number;
  note(records: readonly SluiceRecord[], skipped: number): void;
  readonly signal: AbortSignal;
}

/** On a busy machine a connection may be given up because its reply came late: the drain claims its lane anew and goes on. */
async function drainLane(options: LaneToDrain): Promise<void> {
  const { session, signal } = options;
  // A job whose settlement was lost with the connection comes again.
  const noted = new Set<string>();
  while (!signal.aborted) {
    await until('redis', () => session.isReady || signal.aborted);
    try {
      await drainUntilLost(options, noted);
    } catch (error) {
      if (!isRetryable(error)) throw error;
    }
  }
}

async function drainUntilLost({ session, target, lane: number, note, signal }: LaneToDrain, noted: Set<string>): Promise<void> {
  const lane = await openLane(session, target, number);
  await lane.takeOver();
  while (!signal.aborted) {
    const { jobs, skipped } = await lane.take(10);
    const news = jobs.filter(({ id }) => !noted.has(id));
    for (const { id } of news) noted.add(id);
    note(
      news.flatMap(({ records }) => records),
      skipped.records,
    );
    await lane.settle(jobs.map((job) => ({ job, remaining: [], deadLetters: [] })));
    if (jobs.length === 0) await lane.waitForWork(signal).catch(() => undefined);
  }
}

async function openLane(session: RedisSession, target: string, lane: number): Promise<LaneReceiver> {
  const { epoch } = session;
  const key = laneLeaseKey({ target, lane });
  const answer = await createRedisLeaseStore(session).claim({ epoch, key, worker: 'drain', ttlMs: LEASE_MS });
  if (answer.outcome !== 'claimed') throw new Error(`lane ${lane} is ${answer.outcome}`);
  return openLaneReceiver({ session, target, lane, lease: { token: answer.token, epoch }, clock: systemClock, logger: silentLogger });
}
