/** One function type put together: its machine, its lanes, and what they share. The endpoint's actor spawns it. */
import { RECORD_OVERHEAD_BYTES, toErrorReport, WeightedBudget } from '@sluice/core';
import { createLaneConsumer, createLaneLeases, measureLanes } from '@sluice/lane-consumer';
import { createLeaseKeeper, createRedisLeaseStore, type Lease } from '@sluice/lease';
import { auditLane, createLaneRoster, openLaneReceiver, readDelayed, readLaneAges, readLaneCounts } from '@sluice/queue';
import { writerGroupKey } from '@sluice/redis';
import { bindFunction } from '@sluice/telemetry';
import { fromPromise } from 'xstate';
import type { FunctionsContext } from '../functions-context.ts';
import { FunctionLaneWork } from '../lane/function-lane-work.ts';
import { createLaneStorage } from '../lane/redis-lane-storage.ts';
import { RegisteredStates } from '../state/registered-states.ts';
import { createFunctionPorts, type OpenEndpoint } from './create-function-ports.ts';
import { functionDelays, functionMachine, type OpenLane } from './function.machine.ts';

/** Least rest of a lane that waits for an operator. */
const BLOCK_MS = 5_000;

/** @param target the function type, `namespace/name` */
export function createFunction(target: string, open: OpenEndpoint, context: FunctionsContext): typeof functionMachine {
  const { config, session, keyPrefix, worker, clock, random, telemetry, budgetBytes } = context;
  const { lanes, lease } = config.settings;
  const logger = context.logger.child({ function: target });
  const emit = bindFunction(telemetry.emit, { function: target });
  const roster = createLaneRoster({ session, keyPrefix, target, lanes, logger });
  const states = new RegisteredStates();
  const limits = { bytes: budgetBytes, records: Math.floor(budgetBytes / RECORD_OVERHEAD_BYTES) };
  const budget = new WeightedBudget(limits);
  const { ports, dispatcher } = createFunctionPorts(target, open, { states, budget, emit }, context);
  const isTight = () => budget.used.bytes * 2 > limits.bytes || budget.used.records * 2 > limits.records;
  const works = new Set<FunctionLaneWork>();

  const openLane: OpenLane = (lane: number, held: Lease) => {
    const address = { keyPrefix, target, lane };
    const work = new FunctionLaneWork({
      ...{ lane, lease: held, ports, isTight, logger, emit },
      receiver: openLaneReceiver({ session, ...address, lease: held, clock, logger }),
      storage: createLaneStorage({ session, epoch: held.epoch, address, states }),
      audit: () => auditLane(session, address, logger),
      onHeld: (isHeld) => (isHeld ? works.add(work) : works.delete(work)),
    });
    return { lane, work, blockMs: BLOCK_MS, rows: () => work.rows() };
  };

  const measure = async () => {
    const [counts, delayed] = await Promise.all([readLaneCounts(session, { keyPrefix, target }), readDelayed(session, { keyPrefix })]);
    return {
      records: counts.reduce((sum, { records }) => sum + records, 0),
      bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
      delayed: delayed.targets.get(target) ?? 0,
    };
  };

  const measureAges = () => readLaneAges(session, { keyPrefix, target, lanes: roster.lanes, worker });
  const reportAge = (lane: number, ageMs: number | undefined) =>
    emit(
      ageMs === undefined
        ? { type: 'function.laneAgeEnded', lane: String(lane) }
        : { type: 'function.laneAged', lane: String(lane), seconds: ageMs / 1_000 },
    );

  return functionMachine.provide({
    actors: {
      openFunction: fromPromise<OpenLane>(async () => {
        await roster.open();
        logger.info('function is served', { lanes: roster.lanes });
        return openLane;
      }),
      leases: createLaneLeases({
        ...{ laneOf: (leaseKey) => roster.laneOf(leaseKey), emit, logger },
        leaseGroup: `function:${target}`,
        createKeeper: (notify) =>
          createLeaseKeeper({
            store: createRedisLeaseStore(session),
            group: writerGroupKey(keyPrefix, target),
            resources: () => roster.resources(),
            recallsUnlisted: true,
            ...{ worker, clock, logger, emit: notify, ttlMs: lease.ttlMs, intervalMs: lease.renewIntervalMs },
          }),
      }),
      measureLanes: fromPromise<void>(({ signal }) => {
        const parked = () => [...works].reduce((sum, work) => sum + work.parked, 0);
        const report = (backlog: Awaited<ReturnType<typeof measure>>) =>
          emit({ type: 'function.measured', ...backlog, parked: parked(), inFlight: dispatcher.inFlight });
        return measureLanes({ measureLanes: measure, report, measureAges, reportAge, clock, logger }, signal);
      }),
      laneConsumer: createLaneConsumer(random),
    },
    delays: functionDelays(random),
    actions: {
      reportWaiting: (_, { error, attempt }) => {
        const { code, message } = toErrorReport(error);
        emit({ type: 'function.waiting', code, reason: message, attempt });
      },
    },
  });
}
