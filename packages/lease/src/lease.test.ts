import type { Clock } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { HeldLease, instantOf } from './lease.ts';

describe('HeldLease', () => {
  it('lasts a little less than the store says, from before the claim was sent', () => {
    const { lease, clock } = leaseOf();
    expect(lease.remainingMs()).toBe(4_950);
    clock.advance(4_949);
    expect([lease.remainingMs(), lease.isHeld()]).toEqual([1, true]);
    clock.advance(1);
    expect([lease.remainingMs(), lease.isHeld(), lease.lostBecause]).toEqual([0, false, 'expired']);
  });

  it('is prolonged from before the renewal was sent', () => {
    const { lease, clock } = leaseOf();
    clock.advance(1_000);
    const sentAt = instantOf(clock);
    clock.advance(300);
    lease.renew(sentAt);
    expect(lease.remainingMs()).toBe(4_650);
  });

  it('is lost before anything is done with it when the process was stopped for longer, and stays lost', () => {
    const { lease, clock } = leaseOf();
    const sentAt = instantOf(clock);
    clock.advance(6_000);
    expect(() => lease.assertHeld()).toThrow('lease shard-1 is lost: expired');
    lease.renew({ monotonic: sentAt.monotonic + 5_999, wall: sentAt.wall + 5_999 });
    expect(lease.isHeld()).toBe(false);
  });

  it('is lost when the machine was suspended, while its monotonic clock stood still', () => {
    let asleepMs = 0;
    const clock = new ManualClock();
    const suspended: Clock = { ...clock, now: () => clock.now() + asleepMs, monotonic: () => clock.monotonic() } as Clock;
    const { lease } = leaseOf({ clock, seenBy: suspended });
    asleepMs = 6_000;
    expect(lease.lostBecause).toBe('expired');
  });

  it('is not prolonged by a wall clock that is set back', () => {
    let setBackMs = 0;
    const clock = new ManualClock();
    const adjusted: Clock = { ...clock, now: () => clock.now() - setBackMs, monotonic: () => clock.monotonic() } as Clock;
    const { lease } = leaseOf({ clock, seenBy: adjusted });
    setBackMs = 3_600_000;
    clock.advance(5_000);
    expect(lease.isHeld()).toBe(false);
  });

  it('is lost with its connection', () => {
    const { lease, connection } = leaseOf();
    connection.epoch += 1;
    expect([lease.remainingMs(), lease.lostBecause]).toEqual([0, 'connection']);
    connection.epoch -= 1;
    expect(lease.isHeld()).toBe(false);
  });

  it('is not enough for what takes longer than it lasts', () => {
    const { lease, clock } = leaseOf();
    clock.advance(3_000);
    expect(() => lease.assertHeld(1_950)).not.toThrow();
    expect(() => lease.assertHeld(1_951)).toThrow('lease shard-1 is lost: it ends in less than 1951 ms');
    expect(lease.isHeld()).toBe(true);
  });
});

function leaseOf({ clock = new ManualClock(), seenBy = clock as Clock } = {}) {
  const connection = { epoch: 1 };
  const lease = new HeldLease({
    ...{ key: 'shard-1', token: { number: 1, owner: 'ada#x.1' }, epoch: 1, facts: {}, ttlMs: 5_000 },
    ...{ clock: seenBy, sentAt: instantOf(seenBy), currentEpoch: () => connection.epoch },
  });
  return { lease, clock, connection };
}
