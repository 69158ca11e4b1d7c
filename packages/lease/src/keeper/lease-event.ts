import type { Lease, LeaseLossReason } from '../lease.ts';

export type LeaseEvent =
  | { readonly type: 'lease.claimed'; readonly lease: Lease }
  /** Another worker shall have it, or nobody (`''`) while the group is paused: finish what is in hand, then release it to that successor. */
  | { readonly type: 'lease.recalled'; readonly lease: Lease; readonly successor: string }
  | { readonly type: 'lease.lost'; readonly lease: Lease; readonly reason: LeaseLossReason }
  | { readonly type: 'members.changed'; readonly members: readonly string[] }
  /** A failure that no retry cures. The keeper goes on; its worker should stop. */
  | { readonly type: 'keeper.failed'; readonly error: unknown };
