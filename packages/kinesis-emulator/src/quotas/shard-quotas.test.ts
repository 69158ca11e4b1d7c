import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { MIB } from '../limits.ts';
import { serviceQuotas } from './shard-quotas.ts';

describe('serviceQuotas', () => {
  it('lets 1000 records a second in, and as many again a second later', () => {
    const { clock, quotas } = quotasOf();
    const admitted = () => Array.from({ length: 1_500 }, () => quotas.admitRecord(10)).filter(Boolean).length;

    expect(admitted()).toBe(1_000);
    clock.advance(500);
    expect(admitted()).toBe(500);
    clock.advance(10_000);
    expect(admitted()).toBe(1_000);
  });

  it('lets 1 MiB a second in', () => {
    const { clock, quotas } = quotasOf();

    expect(quotas.admitRecord(MIB)).toBe(true);
    expect(quotas.admitRecord(1)).toBe(false);
    clock.advance(250);
    expect(quotas.admitRecord(MIB / 4)).toBe(true);
    expect(quotas.admitRecord(MIB / 4)).toBe(false);
  });

  it('does not count a refused record', () => {
    const { quotas } = quotasOf();
    quotas.admitRecord(MIB - 100);

    expect(quotas.admitRecord(200)).toBe(false);
    expect(quotas.admitRecord(100)).toBe(true);
  });

  it('lets a record of 10 MiB in once, and then nothing for ten seconds', () => {
    const { clock, quotas } = quotasOf();

    expect(quotas.admitRecord(10 * MIB)).toBe(true);
    clock.advance(9_000);
    expect(quotas.admitRecord(1)).toBe(false);
    clock.advance(1_000);
    expect(quotas.admitRecord(MIB)).toBe(true);
  });

  it('lets five reads a second through', () => {
    const { clock, quotas } = quotasOf();

    expect(Array.from({ length: 6 }, () => quotas.admitRead())).toEqual([true, true, true, true, true, false]);
    clock.advance(200);
    expect([quotas.admitRead(), quotas.admitRead()]).toEqual([true, false]);
  });

  it('lets nobody read for five seconds after a reply of 10 MiB', () => {
    const { clock, quotas } = quotasOf();
    quotas.admitRead();
    quotas.chargeRead(10 * MIB);

    clock.advance(5_000);
    expect(quotas.admitRead()).toBe(false);
    clock.advance(1);
    expect(quotas.admitRead()).toBe(true);
  });

  it('lets replies of 2 MiB follow each other at one a second', () => {
    const { clock, quotas } = quotasOf();
    for (let second = 0; second < 5; second++) {
      expect(quotas.admitRead()).toBe(true);
      quotas.chargeRead(2 * MIB);
      clock.advance(1_000);
    }
  });

  it('gives five iterators a second', () => {
    const { clock, quotas } = quotasOf();

    expect(Array.from({ length: 6 }, () => quotas.admitIterator())).toEqual([true, true, true, true, true, false]);
    clock.advance(200);
    expect(quotas.admitIterator()).toBe(true);
  });
});

function quotasOf() {
  const clock = new ManualClock();
  return { clock, quotas: serviceQuotas(clock) };
}
