import type { Endpoint, HttpIngressSettings, SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { parseTypeName } from '@sluice/function-protocol';
import { openLaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { FastifyInstance } from 'fastify';
import { fromPromise } from 'xstate';
import type { EgressEffect } from '../answer/effects.ts';
import { EgressTaps } from './egress-taps.ts';
import { httpFrontMachine } from './http-front.machine.ts';
import { addHttpFront } from './http-front.ts';

export interface HttpFrontOptions {
  readonly config: SluiceConfig;
  readonly session: RedisSession;
  readonly clock: Clock;
  readonly logger: Logger;
  /** An HTTP server that has no routes yet and does not listen. */
  readonly createServer: (host: string) => FastifyInstance;
}

export interface HttpFront {
  readonly logic: HttpFrontLogic;
  /** Shows clients the egress records of a commit. */
  readonly onEgress: (effects: readonly EgressEffect[]) => void;
}

/** The HTTP front that the configuration asks for; `undefined` where it asks for none. */
export function createHttpFront(options: HttpFrontOptions): HttpFront | undefined {
  const { httpIngress, redis } = options.config.settings;
  if (!httpIngress) return undefined;
  const taps = new EgressTaps({ session: options.session, keyPrefix: redis.prefix, clock: options.clock });
  return { logic: createLogic(options, httpIngress, taps), onEgress: (effects) => taps.offer(effects) };
}

type HttpFrontLogic = ReturnType<typeof createLogic>;

function createLogic(options: HttpFrontOptions, { host, port }: HttpIngressSettings, taps: EgressTaps) {
  const { config, session, clock, logger, createServer } = options;
  const { redis, lanes, backpressure } = config.settings;
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
