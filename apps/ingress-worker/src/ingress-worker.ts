import type { Target } from '@sluice/config';
import { createIngresses } from '@sluice/ingress';
import { NothingToDoError, type WorkerDefinition } from '@sluice/worker';

/** Reads the shards of Kinesis streams into lanes in Redis. */
export const ingressWorker: WorkerDefinition = {
  app: 'ingress-worker',
  description: 'Reads the shards of Kinesis streams into lanes in Redis.',
  port: 'ingressWorker',
  plan({ ingresses }) {
    if (ingresses.length === 0) throw new NothingToDoError('a module.yaml ingress or an `aws_kinesis` input');
    return {
      labels: ingresses.flatMap(({ id: ingress, streams }) =>
        streams.map(({ stream, targets }) => {
          const target = targets.flatMap(targetName).join(',');
          return { ingress, stream, target, group: `ingress:${ingress}` };
        }),
      ),
      createParts: ({ workerId, ...context }) => {
        const logics = createIngresses({ ...context, worker: workerId });
        return new Map([...logics].map(([id, logic]) => [`ingress:${id}`, logic]));
      },
    };
  },
};

function targetName(target: Target): readonly string[] {
  if (target.type === 'egress') return [target.egressId];
  return target.type === 'function' ? [target.functionType] : [];
}
