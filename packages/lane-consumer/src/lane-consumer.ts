import { backoffDelay } from '@sluice/core';
import { laneConsumerMachine, RECOVERY } from './lane-consumer.machine.ts';

/** The lane consumer with pauses by chance. @param random a number in [0, 1) */
export const createLaneConsumer = (random: () => number) =>
  laneConsumerMachine.provide({ delays: { backoff: ({ context }) => backoffDelay(RECOVERY, context.attempt, random()) } });
