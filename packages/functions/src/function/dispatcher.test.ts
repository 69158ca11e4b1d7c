import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { EndpointLimit } from '../endpoint/endpoint-limit.ts';
import { Dispatcher, type Slot } from './dispatcher.ts';
import { Slots } from './slots.ts';

describe('Dispatcher', () => {
  it('starts fewer requests at a time after 503, and all that wait once the endpoint has room', () => {
    const { dispatcher, started, clock, limit } = dispatcherOf(16);
    for (let n = 0; n < 20; n++) dispatcher.enqueue(started.start);
    expect([dispatcher.inFlight, dispatcher.waiting]).toEqual([16, 4]);
    clock.advance(1);
    for (const slot of started.slots) slot.overloaded({ status: 503, retryAfterMs: undefined });
    expect(limit.limit).toBe(8);
    started.release(8);
    expect([dispatcher.inFlight, dispatcher.waiting]).toEqual([8, 4]);
    started.release(4);
    expect([dispatcher.inFlight, dispatcher.waiting]).toEqual([8, 0]);
  });

  it('starts nothing until the end of Retry-After, and then by itself', () => {
    const { dispatcher, started, clock } = dispatcherOf(4);
    dispatcher.enqueue(started.start);
    started.slots[0]!.overloaded({ status: 429, retryAfterMs: 5_000 });
    started.release(1);
    dispatcher.enqueue(started.start);
    clock.advance(4_999);
    expect(dispatcher.inFlight).toBe(0);
    clock.advance(1);
    expect(dispatcher.inFlight).toBe(1);
  });

  it('gives a slot back that is not used', () => {
    const { dispatcher, started } = dispatcherOf(1);
    dispatcher.enqueue(() => false);
    dispatcher.enqueue(started.start);
    expect([dispatcher.inFlight, dispatcher.waiting, started.slots.length]).toEqual([1, 0, 1]);
  });
});

function dispatcherOf(max: number) {
  const clock = new ManualClock();
  clock.advance(1);
  const slots = new Slots(1_000);
  const limit = new EndpointLimit({ max, clock, onRoom: () => slots.wake(), onAdapted: () => undefined });
  const started = {
    slots: [] as Slot[],
    start: (slot: Slot) => {
      started.slots.push(slot);
      return true;
    },
    /** So many requests end, without an answer of the function. */
    release: (count: number) => {
      for (const slot of started.slots.splice(0, count)) slot.release(false);
    },
  };
  return { clock, limit, started, dispatcher: new Dispatcher(slots, limit) };
}
