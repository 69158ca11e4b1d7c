/** The work on a fake lane of a function, whose answers are the test's. */
import { SluiceError, silentLogger, WeightedBudget } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import type { FunctionAnswer, StateSpec } from '@sluice/function-protocol';
import { decodeRequest } from '@sluice/function-protocol/testing';
import type { LaneNotice } from '@sluice/lane-consumer';
import { validateAnswer } from '../answer/validate-answer.ts';
import { EndpointLimit } from '../endpoint/endpoint-limit.ts';
import { Dispatcher } from '../function/dispatcher.ts';
import { Slots } from '../function/slots.ts';
import type { OnFailure } from '../lane/failure-policy.ts';
import { FunctionLaneWork } from '../lane/function-lane-work.ts';
import { type DeclaredStates, invoke } from '../lane/invocation.ts';
import type { LaneReport } from '../lane/lane-report.ts';
import { toOperations } from '../lane/to-operations.ts';
import { FakeLane } from './fake-lane.ts';
import { createFakeStorage } from './fake-storage.ts';

type Result = Partial<Omit<FunctionAnswer & { readonly type: 'result' }, 'type'>>;

/** A request that waits for the test to answer it. */
export interface OpenCall {
  readonly id: string;
  readonly texts: readonly string[];
  /** The attached values, as text. */
  readonly states: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  answer(result?: Result): Promise<void>;
  askFor(...missing: readonly StateSpec[]): Promise<void>;
  fail(error: unknown): Promise<void>;
}

export class CallFailedError extends SluiceError {
  readonly code = 'CALL_FAILED';
  readonly disposition = 'retry';
}

/** The endpoint is away. */
export class AwayError extends SluiceError {
  readonly code = 'AWAY';
  readonly disposition = 'retry';
}

export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function laneRig({
  maxMessages = 1_000,
  maxInFlight = 100,
  onFailure = 'park' as OnFailure,
  budget = { bytes: 1_000_000, records: 100_000 },
  lane = new FakeLane(),
  storage = createFakeStorage(lane.effects),
  states = declaredStates(),
} = {}) {
  const clock = new ManualClock();
  clock.advance(1);
  const calls: OpenCall[] = [];
  const reports: LaneReport[] = [];
  const notices: LaneNotice[] = [];
  const slots = new Slots(maxInFlight);
  const limit = new EndpointLimit({ max: maxInFlight, clock, onRoom: () => slots.wake(), onAdapted: () => undefined });
  const dispatcher = new Dispatcher(slots, limit);
  const weights = new WeightedBudget(budget);
  const lease = { endsInMs: 5_000 };
  const validate = (answer: FunctionAnswer & { readonly type: 'result' }, sender: Parameters<typeof invoke>[0]) =>
    validateAnswer(answer, {
      sender,
      isFunction: (type) => type === 'ns/f' || type === 'ns/g',
      isEgress: (id) => id === 'ns/out',
      stateType: (name) => states.typeOf(name),
    });
  const work = new FunctionLaneWork({
    ...{
      lane: 0,
      receiver: lane,
      storage,
      logger: silentLogger,
      audit: async () => undefined,
      emit: () => undefined,
      onHeld: () => undefined,
    },
    lease: { remainingMs: () => lease.endsInMs },
    isTight: () => weights.used.records * 2 > budget.records,
    ports: {
      ...{ type: { namespace: 'ns', type: 'f' }, onFailure, budget: weights, clock, random: () => 0.5 },
      limits: { maxMessages, maxBytes: 1_000_000, maxOriginBytes: undefined },
      enqueue: (start) => dispatcher.enqueue(start),
      invoke: (address, messages, { readValues, signal }) =>
        invoke(address, messages, { states, readValues, validate, call: (body) => openCall(calls, body, signal) }),
      toOperations: (sender, effects) => toOperations(sender, effects, () => 4),
      isTransient: (error) => error instanceof AwayError,
      report: (report) => reports.push(report),
      onEgress: () => undefined,
    },
  });
  const abandon = work.hold((notice) => notices.push(notice));
  let controller = new AbortController();
  return {
    ...{ lane, storage, clock, calls, reports, notices, slots, limit, weights, lease, work, abandon },
    /** Ids and texts of the open requests. */
    open: () => calls.map(({ texts }) => texts.join(' ')),
    async start(...texts: readonly string[]) {
      if (texts.length > 0) lane.add(...texts);
      controller = new AbortController();
      await work.takeOver();
      work.move(controller.signal).catch(() => undefined);
      await settled();
    },
    async add(...texts: readonly string[]) {
      lane.add(...texts);
      await settled();
    },
    stopMoving: () => controller.abort(new Error('stop')),
    callOf: (id: string): OpenCall => calls.find((call) => call.id === id)!,
    async advance(ms: number) {
      clock.advance(ms);
      await settled();
    },
  };
}

function openCall(calls: OpenCall[], body: Uint8Array, signal: AbortSignal): Promise<FunctionAnswer> {
  const { target, states, invocations } = decodeRequest(body);
  return new Promise((resolve, reject) => {
    const end = async (settle: () => void) => {
      if (calls.includes(call)) calls.splice(calls.indexOf(call), 1);
      settle();
      await settled();
    };
    const call: OpenCall = {
      ...{ id: target.id, texts: invocations.map(({ argument }) => Buffer.from(argument.value).toString()), signal },
      states: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, state && Buffer.from(state.value).toString()])),
      answer: (result = {}) => end(() => resolve({ type: 'result', mutations: [], messages: [], delayed: [], egress: [], ...result })),
      askFor: (...missing) => end(() => resolve({ type: 'incomplete', missing })),
      fail: (error) => end(() => reject(error)),
    };
    signal.addEventListener('abort', () => void end(() => reject(signal.reason)), { once: true });
    calls.push(call);
  });
}

/** As many as the function has asked for; in the memory of a worker. */
export function declaredStates(...declared: readonly string[]): DeclaredStates & { typeOf(name: string): string | undefined } {
  const names = new Set(declared);
  return {
    names: () => names,
    typeOf: (name) => (names.has(name) ? 't/int' : undefined),
    register: (missing) => {
      const before = names.size;
      for (const { name } of missing) names.add(name);
      return names.size > before;
    },
    attach: ({ values }) => [...names].map((name) => ({ name, value: values.get(name) })),
  };
}

export const count = (value: string) => ({
  mutations: [{ mutationType: 1, name: 'count', value: { typename: 't/int', hasValue: true, value: Buffer.from(value) } }],
});
