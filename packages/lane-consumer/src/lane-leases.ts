/** The leases of a target's lanes, as an actor: it reports what the keeper claims, recalls and loses, and gives back what it gets back. */
import type { Logger } from '@sluice/core';
import type { Lease, LeaseEvent, LeaseKeeper } from '@sluice/lease';
import type { LeaseTelemetry } from '@sluice/telemetry';
import { fromCallback } from 'xstate';

export type LaneLeaseEvent =
  | { readonly type: 'lease.claimed'; readonly lane: number; readonly lease: Lease }
  /** Another worker waits for the lane. */
  | { readonly type: 'lease.recalled'; readonly lane: number; readonly successor: string }
  | { readonly type: 'lease.lost'; readonly lane: number }
  | { readonly type: 'members.changed'; readonly members: number }
  /** What waiting does not cure. */
  | { readonly type: 'keeper.failed'; readonly error: unknown }
  /** Every lease was given back. */
  | { readonly type: 'leases.closed' };

export type LeasesCommand =
  | { readonly type: 'lease.returned'; readonly lease: Lease; readonly successor?: string; readonly cooldownMs: number }
  /** Claim nothing more, and leave the group. */
  | { readonly type: 'retirement.requested' }
  | { readonly type: 'close.requested' };

export interface LaneLeasesPorts {
  /** The lane whose lease has that key. */
  readonly laneOf: (leaseKey: string) => number;
  readonly createKeeper: (emit: (event: LeaseEvent) => void) => LeaseKeeper;
  /** Names the leases in telemetry. */
  readonly leaseGroup: string;
  readonly emit: (event: LeaseTelemetry) => void;
  readonly logger: Logger;
}

/** Holds leases until it is closed, or stopped. */
export const createLaneLeases = ({ laneOf: laneOfKey, leaseGroup: group, createKeeper, emit, logger }: LaneLeasesPorts) =>
  fromCallback<LeasesCommand>(({ sendBack, receive }) => {
    const laneOf = ({ key }: Lease) => laneOfKey(key);
    const nameOf = (lease: Lease) => `lane ${laneOf(lease)}`;
    const keeper = createKeeper((event) => {
      const told = toLaneLeaseEvent(event, laneOf);
      if (event.type === 'lease.claimed') emit({ type: event.type, group, lease: nameOf(event.lease) });
      if (event.type === 'lease.lost') emit({ type: event.type, group, lease: nameOf(event.lease), reason: event.reason });
      if (told.type === 'members.changed') logger.info('workers that share the lanes changed', { workers: told.members });
      sendBack(told);
    });
    const returns: Promise<void>[] = [];
    let isClosing = false;
    receive((command) => {
      switch (command.type) {
        case 'lease.returned':
          returns.push(keeper.release(command.lease, command));
          break;
        case 'retirement.requested':
          returns.push(keeper.retire());
          break;
        case 'close.requested':
          isClosing = true;
          void Promise.all(returns)
            .then(() => keeper.stop())
            .then(() => sendBack({ type: 'leases.closed' }));
      }
    });
    keeper.start();
    return () => {
      if (!isClosing) void keeper.stop();
    };
  });

function toLaneLeaseEvent(event: LeaseEvent, laneOf: (lease: Lease) => number): LaneLeaseEvent {
  switch (event.type) {
    case 'lease.claimed':
      return { type: event.type, lane: laneOf(event.lease), lease: event.lease };
    case 'lease.recalled':
      return { type: event.type, lane: laneOf(event.lease), successor: event.successor };
    case 'lease.lost':
      return { type: event.type, lane: laneOf(event.lease) };
    case 'members.changed':
      return { type: event.type, members: event.members.length };
    case 'keeper.failed':
      return event;
  }
}
