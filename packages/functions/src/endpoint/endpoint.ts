/** One endpoint put together: its connections, its limit, and the functions that it serves. The worker's root actor spawns it. */
import type { Endpoint } from '@sluice/config';
import { listTargets } from '@sluice/queue';
import { fromCallback, fromPromise } from 'xstate';
import { createFunction } from '../function/function.ts';
import type { FunctionsContext } from '../functions-context.ts';
import { createTransport } from '../transport/transport.ts';
import { type EndpointMachineEvent, endpointMachine } from './endpoint.machine.ts';
import { EndpointLimit } from './endpoint-limit.ts';
import { findTypes } from './find-types.ts';

/** Logic of one endpoint: it answers `shutdown.requested`, is tagged `ready` while it serves, and ends with an `EndpointOutput`. */
export type EndpointLogic = ReturnType<typeof createEndpoint>;

/** @throws {EndpointUnusableError} a certificate or a key cannot be read */
export function createEndpoint(endpoint: Endpoint, context: FunctionsContext) {
  const { config, session, keyPrefix, clock, telemetry, slots } = context;
  const logger = context.logger.child({ endpoint: endpoint.id });
  const transport = createTransport(endpoint, { clock });
  const limit = new EndpointLimit({
    max: Math.min(config.settings.functions.maxInFlight, poolSizeOf(endpoint)),
    clock,
    onRoom: () => slots.wake(),
    onAdapted: (now) => telemetry.emit({ type: 'endpoint.adapted', endpoint: endpoint.id, limit: now }),
  });
  return endpointMachine.provide({
    actors: {
      findTypes: fromCallback<EndpointMachineEvent>(({ sendBack }) => {
        const stop = new AbortController();
        const found = (functionType: string) =>
          sendBack({ type: 'type.found', functionType, logic: createFunction(functionType, { endpoint, transport, limit }, context) });
        const options = { config, endpoint, clock, logger, listTargets: () => listTargets(session, { keyPrefix }) };
        void findTypes(options, found, stop.signal);
        return () => stop.abort();
      }),
      closeConnections: fromPromise<void>(async () => {
        limit[Symbol.dispose]();
        await transport.close();
      }),
    },
  });
}

const poolSizeOf = ({ transport }: Endpoint): number => (transport.type === 'async' ? transport.poolSize : Number.POSITIVE_INFINITY);
