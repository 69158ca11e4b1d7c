import type { SluiceConfig } from '../model/config.ts';
import type { Ingress } from '../model/ingress.ts';
import { type Problem, ProblemLog } from '../problem/problem.ts';

/** A worker that a configuration may be for. */
export type WorkerRole = 'ingress-worker' | 'egress-worker' | 'function-worker';

/**
 * What a worker of this role refuses to start on, though the configuration is right in itself: it asks for what no worker does
 * yet. The workers and `sluice lint` both ask here, so that they always agree. Parts that it would leave alone are warnings.
 */
export function refusalsOf(config: SluiceConfig, role: WorkerRole): readonly Problem[] {
  const log = new ProblemLog();
  if (role === 'ingress-worker') {
    for (const ingress of config.ingresses) refuseIngress(ingress, log);
  }
  return log.problems;
}

function refuseIngress({ id, processors, reader }: Ingress, log: ProblemLog): void {
  const [processor] = processors;
  if (processor)
    log.error(
      'worker.unsupported',
      processor.position,
      `ingress \`${id}\` has processors, which only an output can have yet; move them to \`output.processors\` or \`pipeline.processors\``,
    );
  if (reader.fanOut)
    log.error(
      'worker.unsupported',
      reader.fanOut.position,
      `ingress \`${id}\` asks for enhanced fan-out, which no worker does yet; remove it, and the shards are polled`,
    );
}
