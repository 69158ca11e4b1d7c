import { describe, expect, it } from 'vitest';
import { Slots, type SlotUser } from './slots.ts';

describe('Slots', () => {
  it('never gives all of them to one user, so that another finds room', () => {
    const slots = new Slots(1_024);
    const greedy = userOf(slots, 5_000);
    greedy.pump();
    expect(greedy.inFlight).toBe(820);
    const other = userOf(slots, 100);
    other.pump();
    expect(other.inFlight).toBe(100);
  });

  it.each([1, 2, 3, 4])('uses all of %d', (max) => {
    const greedy = userOf(new Slots(max), 10);
    greedy.pump();
    expect(greedy.inFlight).toBe(max);
  });

  it('gives what becomes free to those that wait, the longest first', () => {
    const slots = new Slots(2);
    const [first, second, third] = [userOf(slots, 2), userOf(slots, 1), userOf(slots, 1)];
    for (const user of [first, second, third]) user.pump();
    expect([first.inFlight, second.inFlight, third.inFlight]).toEqual([2, 0, 0]);
    first.end();
    expect([first.inFlight, second.inFlight, third.inFlight]).toEqual([1, 1, 0]);
    first.end();
    expect([first.inFlight, second.inFlight, third.inFlight]).toEqual([0, 1, 1]);
  });
});

function userOf(slots: Slots, waiting: number): SlotUser & { end(): void } {
  let inFlight = 0;
  const user = {
    get inFlight() {
      return inFlight;
    },
    pump() {
      while (waiting > 0 && slots.tryTake(user)) {
        waiting--;
        inFlight++;
      }
    },
    end() {
      inFlight--;
      slots.release();
    },
  };
  return user;
}
