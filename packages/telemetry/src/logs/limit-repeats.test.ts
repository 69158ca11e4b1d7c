import { type Logger, silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { limitRepeats } from './limit-repeats.ts';

function limitedLogger(perMinute = 2) {
  const lines: string[] = [];
  const writing = (inherited: object): Logger => {
    const write = (level: string) => (message: string, facts?: object) =>
      lines.push(`${level} ${message} ${JSON.stringify({ ...inherited, ...facts })}`);
    return {
      ...silentLogger,
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (facts) => writing({ ...inherited, ...facts }),
    };
  };
  const clock = new ManualClock();
  return { logger: limitRepeats(writing({}), { perMinute: () => perMinute, clock }), clock, lines, taken: () => lines.splice(0) };
}

describe('limitRepeats', () => {
  it('writes the same warning so often a minute, then how many more there were, then begins anew', () => {
    const { logger, clock, taken } = limitedLogger();
    for (let attempt = 1; attempt <= 5; attempt++) logger.warn('read failed', { event: 'read.failed', code: 'GONE', attempt });
    expect(taken()).toEqual([
      'warn read failed {"event":"read.failed","code":"GONE","attempt":1}',
      'warn read failed {"event":"read.failed","code":"GONE","attempt":2}',
    ]);
    clock.advance(60_000);
    expect(taken()).toEqual(['warn read failed … 3 more like this {"event":"read.failed","code":"GONE","repeated":3}']);
    logger.warn('read failed', { event: 'read.failed', code: 'GONE', attempt: 6 });
    clock.advance(60_000);
    expect(taken()).toEqual(['warn read failed {"event":"read.failed","code":"GONE","attempt":6}']);
  });

  it('counts each level, message and label by itself, those of a child too', () => {
    const { logger, taken } = limitedLogger(1);
    const child = logger.child({ egress: 'out' });
    logger.warn('failed', { code: 'A' });
    logger.warn('failed', { code: 'B' });
    logger.error('failed', { code: 'A' });
    child.warn('failed', { code: 'A' });
    child.warn('failed', { code: 'A', lane: 3 });
    expect(taken()).toEqual([
      'warn failed {"code":"A"}',
      'warn failed {"code":"B"}',
      'error failed {"code":"A"}',
      'warn failed {"egress":"out","code":"A"}',
    ]);
  });

  it('leaves what only informs alone', () => {
    const { logger, taken } = limitedLogger(1);
    for (let n = 0; n < 3; n++) logger.info('lease claimed', { event: 'lease.claimed' });
    expect(taken()).toHaveLength(3);
  });
});
