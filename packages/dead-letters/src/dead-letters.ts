import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { createLeaseKeeper, createRedisLeaseStore, freeResource, LeaseLostError } from '@sluice/lease';
import { deadLetterLeaseKey, deadLetterSendersKey, type RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { fromPromise } from 'xstate';
import { deadLetterDelays, deadLettersMachine } from './dead-letters.machine.ts';
import type { LetterLimits } from './limits/letter-limits.ts';
import { LetterWatch } from './limits/letter-watch.ts';
import { openWatchedTargets } from './limits/redis-targets.ts';
import type { DeadLetterOutput } from './output/dead-letter-output.ts';
import { LetterSender, type SenderEvent } from './sender/letter-sender.ts';
import { openDeadLetters } from './sender/redis-dead-letters.ts';
import { createSenderLease } from './sender/sender-lease.ts';

export interface DeadLettersPorts {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly lease: { readonly ttlMs: number; readonly renewIntervalMs: number };
  readonly limits: LetterLimits;
  /** `undefined`: they stay in Redis. */
  readonly openOutput: ((signal: AbortSignal) => Promise<DeadLetterOutput>) | undefined;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Logic of a worker's part in the dead letters: it answers `shutdown.requested`, and ends with a `DeadLettersOutput`. */
export type DeadLettersLogic = typeof deadLettersMachine;

export function createDeadLetters(ports: DeadLettersPorts): DeadLettersLogic {
  const { session, keyPrefix, worker, lease, limits, openOutput, telemetry, logger, clock, random } = ports;
  const watch = new LetterWatch(limits, telemetry.emit);
  const targets = openWatchedTargets(session, keyPrefix);
  const report = (event: SenderEvent) =>
    telemetry.emit(event.type === 'deadLetter.kept' ? { ...event, code: event.error.code, reason: event.error.message } : event);
  const sender = openOutput && new LetterSender({ openOutput, emit: report });
  return deadLettersMachine.provide({
    actors: {
      senderLease: createSenderLease({
        emit: telemetry.emit,
        createKeeper: (emit) =>
          createLeaseKeeper({
            store: createRedisLeaseStore(session),
            group: deadLetterSendersKey(keyPrefix),
            worker,
            resources: async () => [freeResource(deadLetterLeaseKey(keyPrefix))],
            emit,
            clock,
            logger,
            ttlMs: lease.ttlMs,
            intervalMs: lease.renewIntervalMs,
          }),
      }),
      sendLetters: fromPromise(({ input, signal }) => sender!.sendSome(openDeadLetters(session, keyPrefix, input.lease), signal)),
      letterWatch: fromPromise(({ signal }) => watch.run(targets, clock, signal)),
    },
    delays: deadLetterDelays(random),
    guards: { hasOutput: () => sender !== undefined },
    actions: {
      reportFailing: (_, { error, attempt }) => {
        // Somebody else sees to them now; the lease says so.
        if (error instanceof LeaseLostError) return;
        const { code, message } = toErrorReport(error);
        telemetry.emit({ type: 'deadLetters.failing', code, reason: message, attempt });
      },
      reportRecovered: () => telemetry.emit({ type: 'deadLetters.recovered' }),
      closeOutput: () => sender?.[Symbol.dispose](),
    },
  });
}
