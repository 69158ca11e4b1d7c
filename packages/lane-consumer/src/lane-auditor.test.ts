import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { auditLane } from './lane-auditor.ts';

describe('auditLane', () => {
  it('counts the lane about once a minute, also after a count that failed, until it is stopped', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const chances = [0.5, 0, 0.5];
    let audits = 0;
    const audit = async () => {
      audits++;
      if (audits === 1) throw new Error('redis is busy');
    };
    const running = auditLane({ audit, clock, random: () => chances.shift()!, logger: silentLogger }, controller.signal);

    for (const [stepMs, expected] of [
      [59_999, 0],
      [1, 1],
      [29_999, 1],
      [1, 2],
    ] as const) {
      clock.advance(stepMs);
      await new Promise(setImmediate);
      expect(audits).toBe(expected);
    }
    controller.abort();
    await running;
    expect(clock.pendingTimers).toBe(0);
  });
});
