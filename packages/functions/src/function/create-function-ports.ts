import type { Endpoint } from '@sluice/config';
import type { WeightedBudget } from '@sluice/core';
import { parseTypeName } from '@sluice/function-protocol';
import type { FunctionEvent } from '@sluice/telemetry';
import { checkStateSpecs } from '../answer/state-specs.ts';
import { validateAnswer } from '../answer/validate-answer.ts';
import type { EndpointLimit } from '../endpoint/endpoint-limit.ts';
import { servingEndpoint } from '../endpoint/serving-endpoint.ts';
import type { FunctionsContext } from '../functions-context.ts';
import type { FunctionPorts } from '../lane/function-ports.ts';
import { invoke } from '../lane/invocation.ts';
import type { LaneReport } from '../lane/lane-report.ts';
import { MAX_ORIGIN_BYTES, originHeaders } from '../lane/origin-headers.ts';
import { toOperations } from '../lane/to-operations.ts';
import { traceCall } from '../lane/traced-call.ts';
import type { RegisteredStates } from '../state/registered-states.ts';
import { AttemptFailedError, type AttemptFailure } from '../transport/attempt-failure.ts';
import { FunctionCallError } from '../transport/errors.ts';
import type { Transport } from '../transport/transport.ts';
import { Dispatcher } from './dispatcher.ts';

/** An endpoint that is in use. */
export interface OpenEndpoint {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly limit: EndpointLimit;
}

/** Most bytes of the messages of one request; one message alone may be larger. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** The endpoint has no time, or is not reached: 502 and 504 come from what stands before it. */
const UNAVAILABLE = new Set([429, 502, 503, 504]);

/** What the lanes of a function type share: how it is called, and what becomes of its answers. */
export function createFunctionPorts(
  functionType: string,
  { endpoint, transport, limit }: OpenEndpoint,
  {
    states,
    budget,
    emit,
  }: { readonly states: RegisteredStates; readonly budget: WeightedBudget; readonly emit: (event: FunctionEvent) => void },
  context: FunctionsContext,
): { readonly ports: FunctionPorts; readonly dispatcher: Dispatcher } {
  const { config, clock, random, slots, tracing, onEgress } = context;
  const { functions, lanes } = config.settings;
  const { namespace, name } = parseTypeName(functionType)!;
  const dispatcher = new Dispatcher(slots, limit);
  const egressLanes = new Map(config.egresses.map((egress) => [egress.id, egress.lanes]));
  const served = new Map<string, boolean>();
  const isFunction = (type: string): boolean => {
    const isServed = served.get(type) ?? servingEndpoint(config, type) !== undefined;
    served.set(type, isServed);
    return isServed;
  };
  const ports: FunctionPorts = {
    type: { namespace, type: name },
    limits: {
      maxMessages: endpoint.maxNumBatchRequests > 0 ? endpoint.maxNumBatchRequests : Number.POSITIVE_INFINITY,
      maxBytes: MAX_BATCH_BYTES,
      maxOriginBytes: functions.originHeaders ? MAX_ORIGIN_BYTES : undefined,
    },
    onFailure: functions.types[functionType]?.onFailure ?? functions.onFailure,
    enqueue: (start) => dispatcher.enqueue(start),
    invoke: (address, messages, { readValues, slot, signal }) =>
      traceCall(tracing, address, messages, (trace) =>
        invoke(address, messages, {
          states: {
            names: () => states.names(),
            attach: (values) => states.attach(values),
            register: (missing) => states.register(checkStateSpecs(missing)),
          },
          readValues,
          call: (body) =>
            transport.call(name, body, {
              signal,
              headers: [
                ...(functions.originHeaders ? originHeaders(messages) : []),
                ...(trace === undefined ? [] : ['traceparent', trace]),
              ],
              onFailedAttempt: (failure) => {
                if (isOverload(failure)) slot.overloaded(failure);
              },
            }),
          validate: (answer, sender) =>
            validateAnswer(answer, {
              sender,
              isFunction,
              isEgress: (id) => egressLanes.has(id),
              stateType: (state) => states.specOf(state)?.typename,
            }),
        }),
      ),
    toOperations: (sender, effects, trace) => toOperations(sender, effects, (target) => egressLanes.get(target) ?? lanes, trace),
    isTransient,
    ...{ tracing, budget, clock, random, onEgress },
    report: (report) => emit(toTelemetry(report)),
  };
  return { ports, dispatcher };
}

const isOverload = ({ isRefused, status }: AttemptFailure): boolean => isRefused || status === 429 || status === 503;

/** Whether the function server was not reached, or had no time: that says nothing against the messages. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof FunctionCallError)) return false;
  if (error.status !== undefined) return UNAVAILABLE.has(error.status);
  return error.cause instanceof AttemptFailedError && error.cause.failure.kind === 'connection';
}

function toTelemetry(report: LaneReport): FunctionEvent {
  switch (report.type) {
    case 'invoked':
      return { type: 'function.invoked', messages: report.messages, seconds: report.seconds, delivered: report.delivered };
    case 'failed':
      return { type: 'function.failed', code: report.reason.code, reason: report.reason.message, outcome: report.verdict };
    case 'rejected':
      return { type: 'function.deadLettered', code: report.reason.code, reason: report.reason.message };
  }
}
