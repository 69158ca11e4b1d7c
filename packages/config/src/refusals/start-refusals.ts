import type { StartPosition } from '@sluice/core';
import { scalarAt } from '../benthos/retold.ts';
import type { Ingress } from '../model/ingress.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import type { MapNode } from '../yaml/node.ts';

/** Refuses to begin at a time to come: Kinesis refuses each read from there. @param settings what is set below `sluice` */
export function refuseStartsToCome(
  { id, start, streams, position }: Ingress,
  settings: MapNode,
  { nowMs, log }: { readonly nowMs: number; readonly log: ProblemLog },
): void {
  const settingAt = (...path: readonly string[]): SourcePosition | undefined => scalarAt(settings, 'ingresses', id, ...path)?.position;
  const check = (what: string, begins: StartPosition | undefined, at: SourcePosition): void => {
    if (begins?.type !== 'timestamp' || begins.timestampMs <= nowMs) return;
    const time = new Date(begins.timestampMs).toISOString();
    log.error(
      'worker.unsupported',
      at,
      `${what} begins at ${time}, a time to come, from which Kinesis does not read; name a time that has passed, or \`latest\``,
    );
  };
  check(`ingress \`${id}\``, start, settingAt('start') ?? position);
  for (const { stream, start: ofStream, shardStarts = {} } of streams) {
    const what = `stream \`${stream}\` of ingress \`${id}\``;
    check(what, ofStream, settingAt('streams', stream, 'start') ?? position);
    for (const [shard, ofShard] of Object.entries(shardStarts))
      check(`shard \`${shard}\` of ${what}`, ofShard, settingAt('streams', stream, 'shards', shard) ?? position);
  }
}
