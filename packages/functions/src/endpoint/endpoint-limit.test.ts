import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { EndpointLimit } from './endpoint-limit.ts';

const BUSY = { status: 503, retryAfterMs: undefined };

describe('EndpointLimit', () => {
  it('halves the number of requests once for a round that was too much', () => {
    const { limit, clock } = limitOf(64);
    const round = Array.from({ length: 40 }, () => limit.start());
    clock.advance(5);
    for (const ticket of round) limit.overloaded(ticket, BUSY);
    expect(limit.limit).toBe(20);
    for (const _ of round) limit.end();

    clock.advance(5);
    const next = Array.from({ length: 20 }, () => limit.start());
    for (const ticket of next) limit.overloaded(ticket, BUSY);
    expect(limit.limit).toBe(10);
  });

  it('goes down to one, and grows again as requests succeed', () => {
    const { limit, clock, adapted } = limitOf(8);
    for (let round = 0; round < 5; round++) {
      clock.advance(1);
      limit.overloaded(limit.start(), { status: undefined, retryAfterMs: undefined });
      limit.end();
    }
    expect(limit.limit).toBe(1);
    for (let answer = 0; answer < 3; answer++) limit.succeeded();
    expect(limit.limit).toBe(2);
    for (let answer = 0; answer < 100; answer++) limit.succeeded();
    expect([limit.limit, adapted.at(-1)]).toEqual([8, 8]);
  });

  it('starts nothing until the time that the endpoint asks for, a minute at most', () => {
    const { limit, clock, rooms } = limitOf(8);
    limit.overloaded(limit.start(), { status: 429, retryAfterMs: 3_000 });
    limit.end();
    expect(limit.hasRoom).toBe(false);
    clock.advance(2_999);
    expect([limit.hasRoom, rooms.length]).toEqual([false, 0]);
    clock.advance(1);
    expect([limit.hasRoom, rooms.length]).toEqual([true, 1]);

    limit.overloaded(limit.start(), { status: 429, retryAfterMs: 3_600_000 });
    limit.end();
    clock.advance(60_000);
    expect(limit.hasRoom).toBe(true);
  });
});

function limitOf(max: number) {
  const clock = new ManualClock();
  clock.advance(1);
  const rooms: string[] = [];
  const adapted: number[] = [];
  const limit = new EndpointLimit({ max, clock, onRoom: () => rooms.push('room'), onAdapted: (now) => adapted.push(now) });
  return { clock, rooms, adapted, limit };
}
