import { configuredTypes, createFunctions, createHttpFront } from '@sluice/functions';
import { createHttpServer, NothingToDoError, type PartId, type PartLogic, type WorkerDefinition } from '@sluice/worker';

/** Calls remote functions with the messages of their lanes, and sends delayed messages when they are due. */
export const functionWorker: WorkerDefinition = {
  app: 'function-worker',
  description: 'Calls remote functions with the messages of their lanes.',
  port: 'functionWorker',
  plan(config) {
    const { endpoints } = config;
    if (endpoints.length === 0) throw new NothingToDoError('an endpoint of a module.yaml');
    return {
      labels: endpoints.flatMap((endpoint) => [
        { endpoint: endpoint.id },
        ...configuredTypes(config, endpoint).map((type) => ({ function: type, group: `function:${type}` })),
      ]),
      createParts: ({ workerId, ...context }) => {
        const front = createHttpFront({ ...context, createServer: createHttpServer });
        const functions = createFunctions({ ...context, worker: workerId, ...(front && { onEgress: front.onEgress }) });
        const endpoints = [...functions.endpoints].map(([id, logic]): [PartId, PartLogic] => [`endpoint:${id}`, logic]);
        const parts = new Map<PartId, PartLogic>([...endpoints, ['timers:delayed', functions.timers]]);
        return front ? parts.set('front:http', front.logic) : parts;
      },
    };
  },
};
