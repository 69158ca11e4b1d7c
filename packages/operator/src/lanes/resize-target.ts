/**
 * Gives a target another number of lanes, or lays its records into them in another way, while workers run. Nothing is lost, no record passes an older one of its key, and no replay gets
 * through: the lanes are empty at the moment at which the number changes, nobody has put anything into one since they were looked at, and
 * every checkpoint lies behind all that was delivered.
 */
import { sleep, systemClock } from '@sluice/core';
import { beginLaneResize, type LaneContents, type LaneLayout, type LaneResize, LanesNotDrainedError } from '@sluice/queue';
import { CheckpointsBehindError } from '../errors.ts';
import type { Operator } from '../operator.ts';
import { shardsAhead } from './shards-ahead.ts';

export interface ResizeTargetOptions {
  readonly target: string;
  readonly lanes: number;
  /** What is to share a lane among the records of shards; absent: what does now. */
  readonly layout?: LaneLayout | undefined;
  /** How long the lanes may take to be empty, milliseconds. */
  readonly timeoutMs: number;
  readonly tell: (line: string) => void;
}

const LOOK_MS = 100;
/** An announcement is renewed well before it ends. */
const RENEW_MS = 5_000;
/** After so long with empty lanes a checkpoint that is not stored belongs to a reader that was killed. */
const STORED_MS = 1_000;
/** For so long its successor may read again what the lanes know already. */
const BREATH_MS = 3_000;

/**
 * @throws {LanesNotDrainedError} the lanes were not empty in time; nothing was changed
 * @throws {CheckpointsBehindError} shards are not read, of which something was delivered that will be read again; nothing was changed
 * @throws {LanesResizingError} another operator is at it
 */
export async function resizeTarget(operator: Operator, options: ResizeTargetOptions): Promise<void> {
  const { target, lanes, layout, tell } = options;
  const { session, keyPrefix } = operator;
  const resize = await beginLaneResize(session, { keyPrefix, target, lanes, layout });
  if (resize.isClosed) tell('the lanes are closed, since an earlier change was interrupted; it goes on');
  else await close(operator, resize, options);
  tell('the lanes are empty and closed');
  await resize.finish();
}

async function close(operator: Operator, resize: LaneResize, { target, timeoutMs, tell }: ResizeTargetOptions): Promise<void> {
  const deadline = systemClock.monotonic() + timeoutMs;
  let renewAt = 0;
  let emptySince: number | undefined;
  tell('what sends to it holds back; its lanes are emptied');
  try {
    for (;;) {
      const now = systemClock.monotonic();
      if (now >= renewAt) await resize.announce();
      if (now >= renewAt) renewAt = now + RENEW_MS;
      const contents = await resize.contents();
      emptySince = isEmpty(contents) ? (emptySince ?? now) : undefined;
      const ahead = emptySince === undefined ? [] : await shardsAhead(operator, target, resize.from);
      if (emptySince !== undefined && ahead.length === 0 && (await resize.close(contents))) return;
      if (now >= deadline) throw ahead.length > 0 ? new CheckpointsBehindError(target, ahead) : notDrained(target, contents);
      if (ahead.length > 0 && now - emptySince! > STORED_MS) {
        tell(`a reader was killed before it stored its checkpoint: ${ahead.join(', ')}; that is read again first`);
        await resize.withdraw();
        await sleep(systemClock, BREATH_MS);
        [renewAt, emptySince] = [0, undefined];
      }
      await sleep(systemClock, LOOK_MS);
    }
  } catch (error) {
    // Where that fails as well the announcement ends by itself.
    await resize.withdraw().catch(() => undefined);
    throw error;
  }
}

const isEmpty = ({ jobs, mailboxes, delayed }: LaneContents): boolean => jobs + mailboxes + delayed === 0;

const notDrained = (target: string, { jobs, mailboxes, delayed }: LaneContents) =>
  new LanesNotDrainedError(target, jobs + mailboxes, delayed);
