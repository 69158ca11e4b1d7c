/** The lanes that a machine holds: for each lease a lane consumer, which is a child of the machine. */
import type { Lease } from '@sluice/lease';
import type { ActorRefFrom, DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { LaneConsumerOutput, laneConsumerMachine } from './lane-consumer.machine.ts';
import type { LeasesCommand } from './lane-leases.ts';

export interface HeldLane {
  readonly lease: Lease;
  readonly consumer: ActorRefFrom<typeof laneConsumerMachine>;
  /** The worker that waits for the lane. */
  readonly successor?: string;
}

/** By lane. */
export type HeldLanes = ReadonlyMap<number, HeldLane>;

/** The id of a lane's consumer among the children of its machine. */
export type LaneActorId = `lane:${number}`;

export type LaneEnded = DoneActorEvent<LaneConsumerOutput, LaneActorId>;
export type LaneCrashed = ErrorActorEvent<unknown, LaneActorId>;

/** How long this worker leaves a lane alone after its consumer failed. */
const COOLDOWN_MS = 5_000;

export const laneActorId = (lane: number): LaneActorId => `lane:${lane}`;
export const laneOfActor = (id: LaneActorId): number => Number(id.slice('lane:'.length));

export const withLane = (lanes: HeldLanes, lane: number, held: HeldLane): HeldLanes => new Map(lanes).set(lane, held);
export const withoutLane = (lanes: HeldLanes, lane: number): HeldLanes => new Map([...lanes].filter(([held]) => held !== lane));

/** Gives the lease of a lane back whose consumer has ended. */
export const returnLease = ({ lease, successor }: HeldLane, reason: LaneConsumerOutput['reason']): LeasesCommand => ({
  type: 'lease.returned',
  lease,
  cooldownMs: reason === 'failed' ? COOLDOWN_MS : 0,
  ...(successor !== undefined && { successor }),
});
