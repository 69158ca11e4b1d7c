import type { SluiceConfig } from '../model/config.ts';
import type { Ingress } from '../model/ingress.ts';
import { type Problem, ProblemLog } from '../problem/problem.ts';
import { isStreamName, STREAM } from '../schema/leaf.ts';
import type { MapNode } from '../yaml/node.ts';
import { warnOfDeadLettersThatComeBack } from './loop-warnings.ts';
import { refuseStartsToCome } from './start-refusals.ts';

/** A worker that a configuration may be for. */
export type WorkerRole = 'ingress-worker' | 'egress-worker' | 'function-worker';

export interface RefusalContext {
  /** What is set below `sluice`. */
  readonly settings: MapNode;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * What a worker of this role refuses to start on, though the configuration is right in itself: it asks for what no worker does
 * yet. The workers and `sluice lint` both ask here, so that they always agree. Parts that it would leave alone are warnings.
 * @param loading of a configuration that is being loaded; where it begins to read is judged then
 */
export function refusalsOf(config: SluiceConfig, role: WorkerRole, loading?: RefusalContext): readonly Problem[] {
  const log = new ProblemLog();
  if (role === 'ingress-worker') {
    for (const ingress of config.ingresses) {
      refuseIngress(ingress, log);
      if (loading) refuseStartsToCome(ingress, loading.settings, { nowMs: loading.nowMs, log });
    }
    refuseSharedConsumers(config.ingresses, log);
    warnOfCrowdedTables(config.ingresses, log);
    if (loading) warnOfDeadLettersThatComeBack(config, log);
  }
  return log.problems;
}

const MOST_READERS_OF_A_TABLE = 2;

const isOfTable = (stream: string): boolean => /^arn:[^:]*:dynamodb:/.test(stream);

function refuseIngress({ id, streams, reader }: Ingress, log: ProblemLog): void {
  for (const { stream, position } of streams) {
    if (isOfTable(stream) || isStreamName(stream)) continue;
    log.error('worker.unsupported', position, `ingress \`${id}\` reads \`${stream}\`, which is no stream; expected ${STREAM}`);
  }
  for (const { stream, position } of streams.filter((each) => isOfTable(each.stream))) {
    const what = `ingress \`${id}\` reads \`${stream}\``;
    if (!/:table\/[^/]+\/stream\/[^/]+$/.test(stream))
      log.error(
        'worker.unsupported',
        position,
        `${what}, which is no stream; expected the ARN of a table's stream, which ends in \`:table/NAME/stream/TIME\``,
      );
    if (reader.fanOut)
      log.error(
        'worker.unsupported',
        reader.fanOut.position,
        `${what} with enhanced fan-out, which streams of tables do not have; have it polled by an empty \`sluice.ingresses.${id}.fan_out\``,
      );
  }
}

/** The service throttles more than two that read a shard of a table's stream. */
function warnOfCrowdedTables(ingresses: readonly Ingress[], log: ProblemLog): void {
  const all = ingresses.flatMap(({ id, streams }) => streams.filter(({ stream }) => isOfTable(stream)).map((each) => ({ ...each, id })));
  for (const [stream, readers] of Map.groupBy(all, (each) => each.stream)) {
    const third = readers[MOST_READERS_OF_A_TABLE];
    if (!third) continue;
    const others = readers.slice(0, MOST_READERS_OF_A_TABLE).map(({ id }) => `\`${id}\``);
    log.warn(
      'module.ineffective',
      third.position,
      `ingress \`${third.id}\` reads \`${stream}\` beside ${others.join(' and ')}; a shard of a table's stream has ${MOST_READERS_OF_A_TABLE} readers at most, so they take turns; one ingress may have several targets`,
    );
  }
}

/** A consumer has one subscription to a shard: two readers would take it from each other all the time. */
function refuseSharedConsumers(ingresses: readonly Ingress[], log: ProblemLog): void {
  const readers = new Map<string, string>();
  for (const { id, streams, reader, aws } of ingresses) {
    const { fanOut } = reader;
    for (const { stream, aws: { region, endpoint, assumeRole } = aws } of fanOut ? streams : []) {
      const place = [region, endpoint, assumeRole?.arn, stream, fanOut?.consumer];
      const consumer = fanOut?.consumerArns[stream] ?? JSON.stringify(place);
      const other = readers.get(consumer);
      if (other !== undefined)
        log.error(
          'worker.unsupported',
          fanOut!.position,
          `ingress \`${id}\` reads stream \`${stream}\` with the same consumer as ingress \`${other}\`, and a shard pushes to one of them only; give one of them another by \`sluice.ingresses.${id}.fan_out\``,
        );
      readers.set(consumer, id);
    }
  }
}
