import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogFormat } from './log-settings.ts';
import { createLogger, type LoggerSettings } from './pino-logger.ts';

function linesOf(format: LogFormat, write: (logger: ReturnType<typeof createLogger>) => void, more: Partial<LoggerSettings> = {}): string {
  const lines: string[] = [];
  write(
    createLogger({
      level: 'info',
      format,
      facts: { app: 'egress-worker', workerId: 'w1' },
      destination: { write: (line) => lines.push(line) },
      ...more,
    }),
  );
  return lines.join('');
}

describe('createLogger', () => {
  it.each(['json', 'pretty', 'logfmt'] as const)('blanks secrets out, as %s', (format) => {
    const text = linesOf(format, (logger) =>
      logger.info('client made', { region: 'eu-west-1', credentials: { secretAccessKey: 'hunter2' }, redis: { password: 'hunter2' } }),
    );
    expect(text).toContain('eu-west-1');
    expect(text).not.toContain('hunter2');
  });

  it('writes JSON with the name of the level', () => {
    const line = JSON.parse(linesOf('json', (logger) => logger.warn('read failed; retrying', { attempt: 2 })));
    expect(line).toMatchObject({ level: 'warn', app: 'egress-worker', workerId: 'w1', attempt: 2, msg: 'read failed; retrying' });
    expect(Date.parse(line.time)).not.toBeNaN();
  });

  it('changes its level and its format while children are in use', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', format: 'json', destination: { write: (line) => lines.push(line) } });
    const child = logger.child({ egress: 'out' });
    child.debug('unseen');
    logger.adjust({ level: 'debug', format: 'pretty' });
    child.debug('seen');
    logger.adjust({ level: 'error', format: 'json' });
    child.warn('unseen');
    child.error('seen as JSON');
    expect(lines.map((line) => line.replace(/^\S+ (?=debug)|"time":"[^"]*",/, ''))).toEqual([
      'debug seen  egress=out\n',
      '{"level":"error","egress":"out","msg":"seen as JSON"}\n',
    ]);
  });

  it('writes readable lines: time, level, message, and the facts that differ from line to line', () => {
    const text = linesOf('pretty', (logger) =>
      logger.child({ ingress: 'in' }).error('read failed', { error: 'no such "thing"', attempt: 2, shard: 'shard-0' }),
    );
    expect(text.replace(/^\d\d:\d\d:\d\d\.\d{3} /, '')).toBe(
      'error read failed  ingress=in  error="no such \\"thing\\""  attempt=2  shard=shard-0\n',
    );
  });

  it('keeps the facts of a line to that line', () => {
    const text = linesOf('json', (logger) => {
      logger.info('one', { url: 'http://a' });
      logger.info('two');
    });
    expect(JSON.parse(text.split('\n')[1]!)).toEqual({
      ...{ level: 'info', time: expect.any(String), app: 'egress-worker', workerId: 'w1', msg: 'two' },
    });
  });

  it('writes logfmt, with the names that the configuration gives', () => {
    const names = { level: 'lvl', time: 'at', message: 'message' };
    const write = (logger: ReturnType<typeof createLogger>) => logger.warn('read failed', { error: 'no such thing', attempt: 2 });
    expect(linesOf('logfmt', write, { names, fields: { team: 'orders' } }).replace(/at=\S+ /, '')).toBe(
      'lvl=warn app=egress-worker workerId=w1 team=orders error="no such thing" attempt=2 message="read failed"\n',
    );
    expect(JSON.parse(linesOf('json', write, { names, timestamp: false }))).toEqual({
      ...{ lvl: 'warn', message: 'read failed', app: 'egress-worker', workerId: 'w1', error: 'no such thing', attempt: 2 },
    });
    expect(Date.parse(JSON.parse(linesOf('json', write, { names })).at)).not.toBeNaN();
    expect(linesOf('pretty', write, { timestamp: false })).toMatch(/^warn {2}read failed/);
  });

  it('writes nothing at level `off`, and appends to a file where one is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
    const file = join(folder, 'deep', 'sluice.log');
    createLogger({ level: 'off', file }).error('not this');
    for (const message of ['one', 'two']) createLogger({ level: 'info', file, timestamp: false }).info(message);
    expect(await readFile(file, 'utf8')).toBe('{"level":"info","msg":"one"}\n{"level":"info","msg":"two"}\n');
  });
});
