/**
 * Reads shards again from another position, while workers run.
 *
 * The ingress is paused, so that nobody can hold its shards; once no worker does, and the lanes have done with what came from them, the
 * lanes forget the shards and the checkpoints are set; then the ingress is resumed. A rewind that ends on the way leaves the ingress paused
 * or resumes it with the old checkpoints: nothing is skipped, and it can be made again.
 */
import { sleep, systemClock } from '@sluice/core';
import {
  type Checkpoint,
  createRedisLeaseStore,
  createRedisShardTable,
  formatCheckpoint,
  pauseGroup,
  resumeGroup,
  type ShardRow,
  sourceName,
} from '@sluice/lease';
import { clearReplayFilter, listTargets } from '@sluice/queue';
import { readerGroupKey, shardTableKey } from '@sluice/redis';
import { whoAmI } from './audit.ts';
import { OperatorInputError, RewindTimeoutError } from './errors.ts';
import type { Operator } from './open-operator.ts';
import { listSources } from './shards-report.ts';

export interface RewindStream {
  readonly stream: string;
  readonly table: ReturnType<typeof createRedisShardTable>;
  /** Those to rewind. */
  readonly shards: readonly ShardRow[];
}

const LOOK_MS = 200;

/**
 * The shards that are meant.
 * @throws {OperatorInputError} the ingress, or one of the shards, is not known here
 */
export async function shardsToRewind(
  { session, keyPrefix }: Operator,
  ingress: string,
  { streams, shardIds }: { readonly streams: readonly string[]; readonly shardIds: readonly string[] },
): Promise<RewindStream[]> {
  const sources = await listSources(session, keyPrefix);
  const known = sources.filter((source) => source.startsWith(`${ingress}/`)).map((source) => source.slice(ingress.length + 1));
  if (known.length === 0)
    throw new OperatorInputError(
      `expected an ingress that was read with this Redis, found ${ingress}; it knows ${sources.join(', ') || 'none'}`,
    );
  const unknown = streams.find((stream) => !known.includes(stream));
  if (unknown !== undefined)
    throw new OperatorInputError(`expected a stream of ${ingress}, found ${unknown}; it reads ${known.join(', ')}`);
  const found = await Promise.all(
    known
      .filter((stream) => streams.length === 0 || streams.includes(stream))
      .map(async (stream): Promise<RewindStream> => {
        const table = createRedisShardTable(session, {
          key: shardTableKey(keyPrefix, `${ingress}/${stream}`),
          group: readerGroupKey(keyPrefix, ingress),
          start: { kind: 'TRIM_HORIZON' },
        });
        const rows = (await table.list()).toSorted((a, b) => (a.shardId < b.shardId ? -1 : 1));
        return { stream, table, shards: rows.filter(({ shardId }) => shardIds.length === 0 || shardIds.includes(shardId)) };
      }),
  );
  const all = new Set(found.flatMap(({ shards }) => shards.map(({ shardId }) => shardId)));
  const missing = shardIds.find((shardId) => !all.has(shardId));
  if (missing !== undefined) throw new OperatorInputError(`expected a shard of ${ingress}, found ${missing}; \`sluice shards\` lists them`);
  return found.filter(({ shards }) => shards.length > 0);
}

export interface RewindOptions {
  readonly ingress: string;
  readonly streams: readonly RewindStream[];
  readonly to: Checkpoint;
  /** How long workers and lanes may take, milliseconds. */
  readonly timeoutMs: number;
  readonly tell: (line: string) => void;
}

/** @throws {RewindTimeoutError} workers kept their shards, or lanes their jobs; no checkpoint was changed */
export async function rewind(operator: Operator, { ingress, streams, to, timeoutMs, tell }: RewindOptions): Promise<void> {
  const { session, keyPrefix } = operator;
  const group = readerGroupKey(keyPrefix, ingress);
  const deadline = systemClock.monotonic() + timeoutMs;
  const wasPaused = await pauseGroup(session, group, { by: whoAmI(), reason: `rewind to ${formatCheckpoint(to)}` });
  try {
    await untilNone(deadline, 'shards are still being read', () => heldShards(operator, streams));
    tell('no worker holds the shards');
    let lanes = await lanesOf(operator);
    await untilNone(
      deadline,
      'lanes still have jobs; is their egress paused or failing, or fed without a pause by another ingress?',
      async () => {
        const isCleared = await Promise.all(lanes.map((lane) => forget(operator, ingress, streams, lane)));
        lanes = lanes.filter((_, index) => !isCleared[index]);
        return lanes.length;
      },
    );
    tell('the lanes have forgotten the shards');
    for (const { table, shards } of streams) for (const { shardId } of shards) await table.rewind(shardId, to);
  } finally {
    if (!wasPaused) await resumeGroup(session, group);
  }
}

async function heldShards({ session }: Operator, streams: readonly RewindStream[]): Promise<number> {
  // Also those that stay: a reader of one of them may have put records of an ended parent on its way.
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
async function forget({ session, keyPrefix }: Operator, ingress: string, streams: readonly RewindStream[], lane: Lane): Promise<boolean> {
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
    if (systemClock.monotonic() >= deadline) throw new RewindTimeoutError(left, what);
    await sleep(systemClock, LOOK_MS);
  }
}
