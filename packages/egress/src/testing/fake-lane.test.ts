import { describeLaneReceiver } from '@sluice/queue/testing';
import { FakeLane } from './fake-lane.ts';

describeLaneReceiver('the fake of the egress', () => ({
  openLane: async (...jobs) => {
    const receiver = new FakeLane();
    for (const [index, texts] of jobs.entries()) receiver.add(String(index + 1), ...texts);
    return { receiver, deadLetters: async () => receiver.deadLetters };
  },
}));
