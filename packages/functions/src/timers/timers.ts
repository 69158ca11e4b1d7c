import { toErrorReport } from '@sluice/core';
import { fireDelayed } from '@sluice/queue';
import { fromPromise } from 'xstate';
import type { FunctionsContext } from '../functions-context.ts';
import { timersMachine } from './timers.machine.ts';

/** Logic of the timers of a worker: it answers `shutdown.requested`, and ends with a `TimersOutput`. */
export type TimersLogic = typeof timersMachine;

export const createTimers = ({ session, keyPrefix, clock, telemetry }: FunctionsContext): TimersLogic =>
  timersMachine.provide({
    actors: {
      fireDelayed: fromPromise(() => fireDelayed(session, { keyPrefix, clock, epoch: session.epoch })),
    },
    actions: {
      reportFired: (_, { records }) => {
        if (records > 0) telemetry.emit({ type: 'delayed.fired', records });
      },
      reportFailure: (_, { error }) => {
        const { code, message } = toErrorReport(error);
        telemetry.emit({ type: 'delayed.failed', code, reason: message });
      },
    },
  });
