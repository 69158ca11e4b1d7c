/**
 * Takes shards out of everybody's hands while something is changed about them, while workers run.
 *
 * The ingress is paused, so that nobody can hold its shards; once no worker does, and the lanes have done with what came from them, the
 * lanes forget the shards, and the change is made; then the ingress is resumed. What ends on the way has changed nothing: the ingress goes on
 * from its checkpoints, or is still paused if this process was killed.
 */
import { sleep, systemClock } from '@sluice/core';
import { createRedisLeaseStore, pauseGroup, resumeGroup, sourceName } from '@sluice/lease';
import { clearReplayFilter, listTargets } from '@sluice/queue';
import { readerGroupKey } from '@sluice/redis';
import { ShardsInUseError } from '../errors.ts';
import type { Operator } from '../operator.ts';
import type { ChosenShards } from './chosen-shards.ts';

export interface LetGoOptions {
  readonly ingress: string;
  readonly streams: readonly ChosenShards[];
  /** Who and why, shown with the pause. */
  readonly by: string;
  readonly reason: string;
  /** How long workers and lanes may take, milliseconds. */
  readonly timeoutMs: number;
  readonly tell: (line: string) => void;
}

const LOOK_MS = 200;

/** @throws {ShardsInUseError} workers kept their shards, or lanes their jobs; the change was not made */
export async function whileLetGo(
  operator: Operator,
  { ingress, streams, by, reason, timeoutMs, tell }: LetGoOptions,
  change: () => Promise<void>,
): Promise<void> {
  const { session, keyPrefix } = operator;
  const group = readerGroupKey(keyPrefix, ingress);
  const deadline = systemClock.monotonic() + timeoutMs;
  const wasPaused = await pauseGroup(session, group, { by, reason });
  try {
    await untilNone(deadline, 'shards are still being read', () => heldShards(operator, streams));
    tell('no worker holds the shards');
    let lanes = await lanesOf(operator);
    const busy = 'lanes still have jobs; is their egress paused or failing, or fed without a pause by another ingress?';
    await untilNone(deadline, busy, async () => {
      const isCleared = await Promise.all(lanes.map((lane) => forget(operator, ingress, streams, lane)));
      lanes = lanes.filter((_, index) => !isCleared[index]);
      return lanes.length;
    });
    tell('the lanes have forgotten the shards');
    await change();
  } finally {
    if (!wasPaused) await resumeGroup(session, group);
  }
}

async function heldShards({ session }: Operator, streams: readonly ChosenShards[]): Promise<number> {
  const rows = (await Promise.all(streams.map(({ table }) => table.list()))).flat();
  const leases = await createRedisLeaseStore(session).survey(
    session.epoch,
    rows.map(({ key }) => key),
  );
  return leases.filter(({ state }) => state === 'held').length;
}

interface Lane {
  readonly target: string;
  readonly lane: number;
}

async function lanesOf({ session, keyPrefix }: Operator): Promise<Lane[]> {
  const targets = await listTargets(session, { keyPrefix });
  return targets.flatMap(({ target, lanes }) => Array.from({ length: lanes }, (_, lane) => ({ target, lane })));
}

/** Answers whether the lane forgot them all. */
async function forget({ session, keyPrefix }: Operator, ingress: string, streams: readonly ChosenShards[], lane: Lane): Promise<boolean> {
  for (const { stream, shards } of streams) {
    const name = sourceName(ingress, stream, shards[0]!.streamCreatedAtMs);
    const isCleared = await clearReplayFilter(session, {
      keyPrefix,
      ...lane,
      stream: name,
      shardIds: shards.map(({ shardId }) => shardId),
    });
    if (!isCleared) return false;
  }
  return true;
}

async function untilNone(deadline: number, what: string, count: () => Promise<number>): Promise<void> {
  for (;;) {
    const left = await count();
    if (left === 0) return;
    if (systemClock.monotonic() >= deadline) throw new ShardsInUseError(left, what);
    await sleep(systemClock, LOOK_MS);
  }
}
