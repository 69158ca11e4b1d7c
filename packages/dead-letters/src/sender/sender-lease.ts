/** The one lease of who sees to the dead letters of an installation, as an actor. */
import type { Lease, LeaseEvent, LeaseKeeper } from '@sluice/lease';
import type { LeaseTelemetry } from '@sluice/telemetry';
import { fromCallback } from 'xstate';

export type SenderLeaseEvent =
  | { readonly type: 'lease.claimed'; readonly lease: Lease }
  /** An operator wants another worker to have it. */
  | { readonly type: 'lease.recalled'; readonly successor: string }
  | { readonly type: 'lease.lost' }
  /** What waiting does not cure. */
  | { readonly type: 'keeper.failed'; readonly error: unknown }
  | { readonly type: 'lease.closed' };

export type SenderLeaseCommand =
  | { readonly type: 'lease.returned'; readonly lease: Lease; readonly successor: string }
  /** Give back what is held, and end. */
  | { readonly type: 'close.requested' };

export interface SenderLeasePorts {
  readonly createKeeper: (emit: (event: LeaseEvent) => void) => LeaseKeeper;
  readonly emit: (event: LeaseTelemetry) => void;
}

const NAMES = { group: 'dead-letters', lease: 'sender' } as const;

export const createSenderLease = ({ createKeeper, emit }: SenderLeasePorts) =>
  fromCallback<SenderLeaseCommand>(({ sendBack, receive }) => {
    let isClosing = false;
    const keeper = createKeeper((event) => {
      if (event.type === 'members.changed') return;
      if (event.type === 'lease.claimed') emit({ type: event.type, ...NAMES });
      if (event.type === 'lease.lost') emit({ type: event.type, ...NAMES, reason: event.reason });
      sendBack(event satisfies SenderLeaseEvent);
    });
    receive((command) => {
      if (command.type === 'lease.returned') void keeper.release(command.lease, { successor: command.successor });
      else {
        isClosing = true;
        void keeper.stop().then(() => sendBack({ type: 'lease.closed' }));
      }
    });
    keeper.start();
    return () => {
      if (!isClosing) void keeper.stop();
    };
  });
