import type { Clock } from '@sluice/core';
import { type Actor, createActor, fromPromise } from 'xstate';
import type { SpentBudget } from '../egress-writer/lane-hold.ts';
import { laneConsumerMachine } from './lane-consumer.machine.ts';
import type { LaneWork } from './lane-work.ts';
import type { LaneJob } from './ports.ts';

/** What the machine moves; {@link LaneWork} does it. */
export interface LaneConsumerPorts {
  readonly work: Pick<LaneWork<LaneJob>, 'takeOver' | 'move' | 'handBack' | 'giveBack' | 'drain'>;
  /** Gives the lease back, so that another worker has it at once. */
  readonly releaseLease: () => Promise<void>;
}

/** The lane consumer with its effects in place. */
export const createLaneConsumer = ({ work, releaseLease }: LaneConsumerPorts) =>
  laneConsumerMachine.provide({
    actors: {
      takeOver: fromPromise<number>(() => work.takeOver()),
      moveRecords: fromPromise<never>(({ signal }) => work.move(signal)),
      handBack: fromPromise<void, { spent: SpentBudget; blockMs: number }>(({ input }) => work.handBack(input.spent, input.blockMs)),
      giveBack: fromPromise<void>(() => work.giveBack()),
      drain: fromPromise<void, { graceMs: number }>(async ({ input }) => {
        try {
          await work.drain(input.graceMs);
        } finally {
          await releaseLease();
        }
      }),
    },
  });

export type LaneConsumerActor = Actor<ReturnType<typeof createLaneConsumer>>;

/** An actor of the consumer that lives by `clock`. */
export const actorOf = (
  consumer: ReturnType<typeof createLaneConsumer>,
  input: { lane: number; blockMs: number },
  clock: Clock,
): LaneConsumerActor => createActor(consumer, { input, clock });
