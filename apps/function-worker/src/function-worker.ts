import { planDeadLetters } from '@sluice/dead-letters';
import { configuredTypes, openFunctions, openHttpFront } from '@sluice/functions';
import { NothingToDoError, type PartId, type PartPlan, type WorkerDefinition } from '@sluice/worker';
import { createHttpServer } from '@sluice/worker/http-server';

/** Calls remote functions with the messages of their lanes, and sends delayed messages when they are due. */
export const functionWorker: WorkerDefinition = {
  app: 'function-worker',
  description: 'Calls remote functions with the messages of their lanes.',
  port: 'functionWorker',
  labels(config) {
    const { endpoints } = config;
    if (endpoints.length === 0) throw new NothingToDoError('an endpoint of a module.yaml');
    return endpoints.flatMap((endpoint) => [
      { endpoint: endpoint.id },
      ...configuredTypes(config, endpoint).map((type) => ({ function: type, target: type, group: `function:${type}` })),
    ]);
  },
  openParts: (context) => {
    const front = openHttpFront({ ...context, createServer: createHttpServer });
    const planFunctions = openFunctions({ ...context, worker: context.workerId, onEgress: front.onEgress });
    return (config) => {
      const { endpoints, timers } = planFunctions(config);
      const parts = new Map<PartId, PartPlan>([...endpoints].map(([id, plan]) => [`endpoint:${id}`, plan]));
      const served = front.plan(config);
      if (served) parts.set('front:http', served);
      const deadLetters = planDeadLetters(config, { ...context, worker: context.workerId });
      if (deadLetters) parts.set('deadLetters:all', deadLetters);
      return parts.set('timers:delayed', timers);
    };
  },
};
