import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { auditLanes } from './lane-auditor.ts';

describe('auditLanes', () => {
  it('has every lane that is held counted once a minute, whatever becomes of the others, until it is stopped', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const audited: number[] = [];
    let lanes = [1, 2];
    const audit = async (lane: number) => {
      audited.push(lane);
      if (lane === 1) throw new Error('redis is busy');
    };
    const running = auditLanes({ lanes: () => lanes, audit, clock, logger: silentLogger }, controller.signal);

    clock.advance(59_999);
    await settled();
    expect(audited).toEqual([]);
    clock.advance(1);
    await settled();
    expect(audited).toEqual([1, 2]);
    lanes = [2];
    clock.advance(60_000);
    await settled();
    controller.abort();
    await running;

    expect([audited, clock.pendingTimers]).toEqual([[1, 2, 2], 0]);
  });
});
