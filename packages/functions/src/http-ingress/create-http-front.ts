import type { Endpoint, SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { parseTypeName } from '@sluice/function-protocol';
import { openLaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { FastifyInstance } from 'fastify';
import { fromPromise } from 'xstate';
import type { EgressTaps } from './egress-taps.ts';
import { httpFrontMachine } from './http-front.machine.ts';
import { addHttpFront } from './http-front.ts';

export interface HttpFrontOptions {
  readonly config: SluiceConfig;
  readonly session: RedisSession;
  readonly taps: EgressTaps;
  readonly clock: Clock;
  readonly logger: Logger;
  /** An HTTP server that has no routes yet and does not listen. */
  readonly createServer: (host: string) => FastifyInstance;
}

/** The logic of the HTTP front that the configuration asks for; `undefined` where it asks for none. */
export function createHttpFront(options: HttpFrontOptions) {
  const { config, session, taps, clock, logger, createServer } = options;
  const { httpIngress, redis, lanes, backpressure } = config.settings;
  if (!httpIngress) return undefined;
  const { host, port } = httpIngress;
  const egressIds = new Set(config.egresses.map(({ id }) => id));
  const waterMarks = {
    highRecords: backpressure.highWaterRecords,
    lowRecords: backpressure.lowWaterRecords,
    highBytes: backpressure.highWaterBytes,
    lowBytes: backpressure.lowWaterBytes,
  };
  const ports = {
    isFunction: (type: string) => servesType(config.endpoints, type),
    isEgress: (id: string) => egressIds.has(id),
    openSender: (target: string) => openLaneSender({ session, keyPrefix: redis.prefix, target, lanes, clock, waterMarks }),
    taps,
    clock,
  };
  return httpFrontMachine.provide({
    actors: {
      openServer: fromPromise<AsyncDisposable>(async ({ signal }) => {
        const server = createServer(host);
        addHttpFront(server, ports);
        const url = await server.listen({ host, port });
        if (signal.aborted) await server.close();
        logger.info('http front of functions listening', { url });
        return { [Symbol.asyncDispose]: async () => server.close() };
      }),
      closeServer: fromPromise<void, { server: AsyncDisposable }>(({ input }) => Promise.resolve(input.server[Symbol.asyncDispose]())),
    },
    actions: {
      report: (_, { error, attempt }) => {
        if (attempt > 1) return;
        const { message: reason } = toErrorReport(error);
        logger.warn('http front of functions cannot listen; trying again', { host, port, reason });
      },
    },
  });
}

function servesType(endpoints: readonly Endpoint[], type: string): boolean {
  const typeName = parseTypeName(type);
  return endpoints.some(({ namespace, name }) => namespace === typeName?.namespace && (name === undefined || name === typeName.name));
}
