import type { LaneKeys, ScriptArgument } from '@sluice/redis';
import type { LaneLayout } from '../lanes/lane-entry.ts';
import { type NewLaneJob, sizeOf } from '../sender/lane-jobs.ts';
import type { LaneScripts } from './lane-scripts.ts';
import { MAX_EVENTS } from './max-events.ts';

/** What goes into one lane. */
export interface LanePush {
  readonly keys: LaneKeys;
  readonly jobs: readonly NewLaneJob[];
}

export interface PushRequest {
  readonly target: string;
  /** To which the records were shared out. */
  readonly lanes: number;
  /** How those of a shard were; absent where none are of a shard. */
  readonly layout?: LaneLayout | undefined;
  /** The key of the numbers of lanes. */
  readonly targetsKey: string;
  readonly nowMs: number;
  readonly pushes: readonly LanePush[];
}

/** Puts jobs and their payloads into lanes, all or none. Answers `false`, with nothing written, where the target has another number of lanes. */
export async function runPush(scripts: LaneScripts, epoch: number, { target, lanes, layout, targetsKey, nowMs, pushes }: PushRequest) {
  const payloads = pushes.map(
    ({ keys, jobs }) => ['hset', keys.payloads, ...jobs.flatMap(({ data, frame }): ScriptArgument[] => [data.payload, frame])] as const,
  );
  const args = [target, layout === undefined ? lanes : `${lanes} laid by ${layout}`, MAX_EVENTS, nowMs, ...pushes.flatMap(toPushArguments)];
  return (await scripts.pushJobs(epoch, payloads, [targetsKey], args)) === 'pushed';
}

function toPushArguments({ keys, jobs }: LanePush): ScriptArgument[] {
  const { records, bytes } = sizeOf(jobs);
  const contents = jobs.flatMap(({ name, data }) => [data.payload, name, JSON.stringify(data)]);
  return [keys.bullPrefix, keys.jobPrefix, records, bytes, jobs.length, ...contents];
}
