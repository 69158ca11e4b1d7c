import { expect, it } from 'vitest';
import { idleMs } from './pauses.ts';

it('asks a shard about five times a second for a second after its last record, then less and less often', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map(idleMs)).toEqual([190, 190, 190, 190, 190, 380, 760, 1_000, 1_000]);
});
