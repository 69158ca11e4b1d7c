import { type Egress, withNested } from '@sluice/config';
import { planDeadLetters } from '@sluice/dead-letters';
import { planEgresses } from '@sluice/egress';
import { NothingToDoError, type PartId, type PartPlan, type WorkerDefinition } from '@sluice/worker';

/** Writes the records of lanes to Kinesis. */
export const egressWorker: WorkerDefinition = {
  app: 'egress-worker',
  description: 'Writes the records of lanes to Kinesis.',
  port: 'egressWorker',
  labels({ egresses }) {
    if (egresses.length === 0) throw new NothingToDoError('an `aws_kinesis` output or a module.yaml egress');
    return egresses.flatMap((egress) => [
      { egress: egress.id, target: egress.id, group: `egress:${egress.id}` },
      ...processorPaths(egress).map((processor) => ({ egress: egress.id, processor })),
    ]);
  },
  openParts: ({ workerId, ...context }) => {
    const options = { ...context, worker: workerId };
    return (config) => {
      const parts = new Map<PartId, PartPlan>([...planEgresses(config, options)].map(([id, plan]) => [`egress:${id}`, plan]));
      const deadLetters = planDeadLetters(config, options);
      return deadLetters ? parts.set('deadLetters:all', deadLetters) : parts;
    };
  },
};

const processorPaths = ({ processors, batching }: Egress): string[] =>
  withNested([...processors, ...(batching?.processors ?? [])]).map(({ path }) => path);
