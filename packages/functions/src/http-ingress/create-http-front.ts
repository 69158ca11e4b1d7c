import type { PartPlan } from '@sluice/actor-kit';
import type { HttpIngressSettings, SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { parseTypeName } from '@sluice/function-protocol';
import { openLaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { Tracing } from '@sluice/telemetry';
import type { FastifyInstance } from 'fastify';
import { fromPromise } from 'xstate';
import type { EgressEffect } from '../answer/effects.ts';
import { EgressTaps } from './egress-taps.ts';
import { httpFrontMachine } from './http-front.machine.ts';
import { addHttpFront } from './http-front.ts';

export interface HttpFrontOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly clock: Clock;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  /** An HTTP server that has no routes yet and does not listen. */
  readonly createServer: (host: string) => FastifyInstance;
}

export interface HttpFront {
  /** The front that a configuration asks for; `undefined` where it asks for none. */
  readonly plan: (config: SluiceConfig) => PartPlan<HttpFrontLogic> | undefined;
  /** Shows clients the egress records of a commit. */
  readonly onEgress: (effects: readonly EgressEffect[]) => void;
}

/** The HTTP front of a worker. It can come and go with the configuration. */
export function openHttpFront(options: HttpFrontOptions): HttpFront {
  const taps = new EgressTaps(options);
  let isServed = false;
  return {
    plan: (config) => {
      const basis = basisOf(config);
      isServed ||= basis !== undefined;
      return basis && { basis, create: () => createLogic(options, basis, taps) };
    },
    onEgress: (effects) => {
      if (isServed) taps.offer(effects);
    },
  };
}

function basisOf({ settings, endpoints, egresses }: SluiceConfig) {
  const { httpIngress, lanes, backpressure } = settings;
  const functions = endpoints.map(({ namespace, name }) => ({ namespace, name }));
  return httpIngress && { listen: httpIngress, lanes, backpressure, functions, egressIds: egresses.map(({ id }) => id) };
}

type Basis = NonNullable<ReturnType<typeof basisOf>>;
type HttpFrontLogic = ReturnType<typeof createLogic>;

function createLogic(options: HttpFrontOptions, basis: Basis, taps: EgressTaps) {
  const { session, keyPrefix, clock, tracing, logger, createServer } = options;
  const { lanes, backpressure, functions } = basis;
  const { host, port }: HttpIngressSettings = basis.listen;
  const egressIds = new Set(basis.egressIds);
  const waterMarks = {
    highRecords: backpressure.highWaterRecords,
    lowRecords: backpressure.lowWaterRecords,
    highBytes: backpressure.highWaterBytes,
    lowBytes: backpressure.lowWaterBytes,
  };
  const ports = {
    isFunction: (type: string) => servesType(functions, type),
    isEgress: (id: string) => egressIds.has(id),
    openSender: (target: string) => openLaneSender({ session, keyPrefix, target, lanes, clock, waterMarks }),
    taps,
    clock,
    tracing,
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

function servesType(functions: Basis['functions'], type: string): boolean {
  const typeName = parseTypeName(type);
  return functions.some(({ namespace, name }) => namespace === typeName?.namespace && (name === undefined || name === typeName.name));
}
