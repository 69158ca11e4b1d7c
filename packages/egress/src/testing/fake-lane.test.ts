import { describeLaneReceiver } from '@sluice/queue/testing';
import { FakeLane } from './fake-lane.ts';

describeLaneReceiver('the fake of the egress', () => ({
  openLane: async (...jobs) => {
    const receiver = new FakeLane();
    for (const [index, texts] of jobs.entries()) receiver.add(String(index + 1), ...texts);
    const { effects } = receiver;
    return {
      receiver,
      deadLetters: async () => [
        ...receiver.deadLetters,
        ...effects.deadLetters.map(({ record, reason }) => ({ text: Buffer.from(record.data).toString(), code: reason.code })),
      ],
      effects: {
        field: async (key, field) => effects.field(key, field),
        list: async (key) => effects.list(key),
        set: async (key, field, value) => effects.set(key, field, value),
        sent: async (target, lane) =>
          effects.sent.filter((one) => one.target === target && one.lane === lane).map(({ data }) => data.toString()),
        delayed: async (target) => effects.delayed.filter((one) => one.target === target).length,
      },
    };
  },
}));
