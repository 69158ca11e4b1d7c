import { expect, it } from 'vitest';
import { holdOf } from '../testing/writer-rig.ts';
import { InFlight } from './in-flight.ts';

it('counts records of several lanes that come mixed, and is quiet once all of a lane are back', async () => {
  const [first, second] = [holdOf(), holdOf()];
  const [a1, a2, a3] = first.records('a1', 'a2', 'a3');
  const [b1] = second.records('b1');
  const inFlight = new InFlight();
  inFlight.add([a1!, b1!, a2!]);
  inFlight.add([a3!]);
  expect([inFlight.count(first), inFlight.count(second)]).toEqual([3, 1]);

  let isQuiet = false;
  const quiet = inFlight.whenQuiet(first).then(() => {
    isQuiet = true;
  });
  inFlight.remove([a1!, b1!, a2!]);
  await Promise.resolve();
  expect([isQuiet, inFlight.count(first), inFlight.count(second)]).toEqual([false, 1, 0]);
  inFlight.remove([a3!]);
  await quiet;
});
