import type { Ingress } from '../model/ingress.ts';
import type { ProblemLog } from '../problem/problem.ts';

type Routed = Pick<Ingress, 'id' | 'position' | 'streams' | 'processors'>;

/** Processors of an input run where its records are written, so nothing else may be written there: it would pass them too. */
export function refuseSharedProcessors(ingresses: readonly Routed[], log: ProblemLog): void {
  for (const { id, processors, streams } of ingresses) {
    const own = new Set(egressesOf({ streams }));
    for (const other of ingresses) {
      const shared = other.id === id ? undefined : egressesOf(other).find((egressId) => own.has(egressId));
      if (processors.length === 0 || shared === undefined) continue;
      log.error(
        'worker.unsupported',
        other.position,
        `ingress \`${other.id}\` sends to \`${shared}\`, which runs the processors of \`${id}\` on all that comes to it; move them to \`pipeline.processors\`, or give the two an output each`,
      );
    }
  }
}

const egressesOf = ({ streams }: Pick<Routed, 'streams'>): string[] =>
  streams.flatMap(({ targets }) => targets.flatMap((target) => (target.type === 'egress' ? [target.egressId] : [])));
