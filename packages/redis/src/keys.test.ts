import { describe, expect, it } from 'vitest';
import { deadLetterQueue, laneKeys, laneLeaseKey, laneQueue } from './keys.ts';

describe('keys', () => {
  it('of a lane name queues that read well on Bull Board', () => {
    expect(laneQueue({ target: 'example/orders', lane: 3 })).toEqual({
      queueName: 'example/orders lane 03',
      bullPrefix: 'sluice:{example/orders/3}',
    });
    expect(deadLetterQueue({ target: 'example/orders' })).toEqual({
      queueName: 'example/orders dead-letters',
      bullPrefix: 'sluice:{example/orders/dead-letters}',
    });
  });

  it('of a lane share one slot, its lease included', () => {
    const { queueName, bullPrefix, ...keys } = laneKeys({ keyPrefix: 'test', target: 'orders', lane: 0 });
    expect([queueName, bullPrefix]).toEqual(['orders lane 00', 'test:{orders/0}']);
    for (const key of Object.values(keys)) expect(key).toMatch(/^test:\{orders\/0\}:/);
    expect(keys.lease).toBe(laneLeaseKey({ keyPrefix: 'test', target: 'orders', lane: 0 }));
  });

  it('are made of any target: what BullMQ or a hash tag does not allow is spelled otherwise, and no two targets share a name', () => {
    expect(laneQueue({ target: 'a:{b}%', lane: 1 })).toEqual({
      queueName: 'a%3A%7Bb%7D%25 lane 01',
      bullPrefix: 'sluice:{a%3A%7Bb%7D%25/1}',
    });
    expect(laneQueue({ target: 'a%3A', lane: 1 })).not.toEqual(laneQueue({ target: 'a:', lane: 1 }));
  });
});
