import { describe, expect, it } from 'vitest';
import { createLogger } from './pino-logger.ts';

describe('a log for people', () => {
  it('has time, level, message and facts in a line, secrets blanked out', () => {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'info',
      format: 'pretty',
      facts: { app: 'a' },
      destination: { write: (line) => lines.push(line) },
    });
    logger.warn('lane blocked', { lane: 3, reason: 'not now\n', stream: 'orders', list: ['x'], password: 'p' });
    logger.child({ worker: 'w' }).info('started');
    logger.debug('not shown');
    expect(lines.map((line) => line.replace(/^\S+/, 'TIME'))).toEqual([
      'TIME WARN  lane blocked app=a lane=3 reason="not now\\n" stream=orders list=["x"] password=[redacted]\n',
      'TIME INFO  started app=a worker=w\n',
    ]);
  });
});
