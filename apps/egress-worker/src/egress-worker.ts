import { type Egress, withNested } from '@sluice/config';
import { planDeadLetters } from '@sluice/dead-letters';
import { planEgresses } from '@sluice/egress';
import { planLaneOutputs } from '@sluice/lane-outputs';
import { NothingToDoError, type PartId, type PartPlan, type WorkerDefinition } from '@sluice/worker';

/** Writes the records of lanes to Kinesis, and to other outputs. */
export const egressWorker: WorkerDefinition = {
  app: 'egress-worker',
  description: 'Writes the records of lanes to Kinesis, and to other outputs.',
  port: 'egressWorker',
  labels({ egresses, outputs }) {
    if (egresses.length + outputs.length === 0)
      throw new NothingToDoError('an `aws_kinesis` output, another output behind an `aws_kinesis` input, or a module.yaml egress');
    return [
      ...[...egresses, ...outputs].map(({ id }) => ({ egress: id, target: id, group: `egress:${id}` })),
      ...egresses.flatMap((egress) => processorPaths(egress).map((processor) => ({ egress: egress.id, processor }))),
    ];
  },
  openParts: ({ workerId, ...context }) => {
    const options = { ...context, worker: workerId };
    return (config) => {
      const parts = new Map<PartId, PartPlan>(
        [...planEgresses(config, options), ...planLaneOutputs(config, options)].map(([id, plan]) => [`egress:${id}`, plan]),
      );
      const deadLetters = planDeadLetters(config, options);
      return deadLetters ? parts.set('deadLetters:all', deadLetters) : parts;
    };
  },
};

const processorPaths = ({ processors, batching }: Egress): string[] =>
  withNested([...processors, ...(batching?.processors ?? [])]).map(({ path }) => path);
