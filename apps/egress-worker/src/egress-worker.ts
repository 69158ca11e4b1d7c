import { type Egress, withNested } from '@sluice/config';
import { createEgresses } from '@sluice/egress';
import { NothingToDoError, type WorkerDefinition } from '@sluice/worker';

/** Writes the records of lanes to Kinesis. */
export const egressWorker: WorkerDefinition = {
  app: 'egress-worker',
  description: 'Writes the records of lanes to Kinesis.',
  port: 'egressWorker',
  plan({ egresses }) {
    if (egresses.length === 0) throw new NothingToDoError('an `aws_kinesis` output or a module.yaml egress');
    return {
      labels: egresses.flatMap((egress) => [
        { egress: egress.id, group: `egress:${egress.id}` },
        ...processorPaths(egress).map((processor) => ({ egress: egress.id, processor })),
      ]),
      createParts: ({ workerId, ...context }) => {
        const logics = createEgresses({ ...context, worker: workerId });
        return new Map([...logics].map(([id, logic]) => [`egress:${id}`, logic]));
      },
    };
  },
};

const processorPaths = ({ processors, batching }: Egress): string[] =>
  withNested([...processors, ...(batching?.processors ?? [])]).map(({ path }) => path);
