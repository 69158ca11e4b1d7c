import type { SluiceConfig } from '../model/config.ts';
import type { Ingress } from '../model/ingress.ts';
import { type Problem, ProblemLog } from '../problem/problem.ts';

/** A worker that a configuration may be for. */
export type WorkerRole = 'ingress-worker' | 'egress-worker';

/**
 * What a worker of this role refuses to start on, though the configuration is right in itself: it asks for what no worker does
 * yet. The workers and `sluice lint` both ask here, so that they always agree. Parts that it would leave alone are warnings.
 */
export function refusalsOf(config: SluiceConfig, role: WorkerRole): readonly Problem[] {
  const log = new ProblemLog();
  if (role === 'ingress-worker') {
    for (const ingress of config.ingresses) refuseIngress(ingress, config, log);
    for (const { id, position } of config.endpoints)
      log.warn('section.ignored', position, `endpoint \`${id}\` has no effect yet: no worker calls functions`);
  }
  return log.problems;
}

function refuseIngress({ id, streams, processors, reader }: Ingress, { egresses }: SluiceConfig, log: ProblemLog): void {
  const supported =
    egresses.length > 0 ? `an egress: ${egresses.map((egress) => `\`${egress.id}\``).join(', ')}` : 'an egress, and none is configured';
  for (const target of streams.flatMap(({ targets }) => targets)) {
    if (target.type === 'function')
      log.error(
        'target.unserved',
        target.position,
        `ingress \`${id}\` routes to function \`${target.functionType}\`, and no worker calls functions yet; a target can be ${supported}`,
      );
  }
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
