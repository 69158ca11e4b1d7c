import type { Target } from '@sluice/config';
import { openIngresses } from '@sluice/ingress';
import { NothingToDoError, type PartPlans, type WorkerDefinition } from '@sluice/worker';

/** Reads the shards of Kinesis streams into lanes in Redis. */
export const ingressWorker: WorkerDefinition = {
  app: 'ingress-worker',
  description: 'Reads the shards of Kinesis streams into lanes in Redis.',
  port: 'ingressWorker',
  labels({ ingresses }) {
    if (ingresses.length === 0) throw new NothingToDoError('a module.yaml ingress or an `aws_kinesis` input');
    return ingresses.flatMap(({ id: ingress, streams }) =>
      streams.map(({ stream, targets }) => {
        const target = targets.flatMap(targetName).join(',');
        return { ingress, stream, target, group: `ingress:${ingress}` };
      }),
    );
  },
  openParts: ({ workerId, ...context }) => {
    const planIngresses = openIngresses({ ...context, worker: workerId });
    return (config): PartPlans => new Map([...planIngresses(config)].map(([id, plan]) => [`ingress:${id}`, plan]));
  },
};

function targetName(target: Target): readonly string[] {
  if (target.type === 'egress') return [target.egressId];
  return target.type === 'function' ? [target.functionType] : [];
}
