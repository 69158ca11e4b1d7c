import type { ComponentSettings } from '@sluice/config';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { ticksOf } from './ticks.ts';

const SETTINGS: ComponentSettings = {
  ...{ type: 'generate', label: undefined, path: 'root.input', options: {}, processors: [] },
  position: { file: 'c.yaml', line: 1, column: 1 },
};
const START = '2024-03-29T22:59:30.250Z';

/** Time stands still but for those who sleep, who never wait. */
class JumpingClock {
  #nowMs = Date.parse(START);
  readonly now = () => this.#nowMs;
  readonly monotonic = () => this.#nowMs - Date.parse(START);
  readonly setTimeout = (callback: () => void, delayMs: number) => {
    this.pass(delayMs);
    queueMicrotask(callback);
  };
  readonly clearTimeout = () => undefined;

  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

/** The times of the first `count` ticks; each is asked for `busyMs` after the one before it. */
async function times(interval: string, count: number, busyMs = 0): Promise<string[]> {
  const clock = new JumpingClock();
  const next = ticksOf(interval, SETTINGS, clock);
  const found: string[] = [];
  for (let index = 0; index < count; index++) {
    await next(new AbortController().signal);
    found.push(new Date(clock.now()).toISOString().slice(0, -1));
    clock.pass(busyMs);
  }
  return found;
}

describe('ticks', () => {
  it.each([
    ['', ['2024-03-29T22:59:30.250', '2024-03-29T22:59:30.250']],
    ['0s', ['2024-03-29T22:59:30.250', '2024-03-29T22:59:30.250']],
    ['1m', ['2024-03-29T22:59:30.250', '2024-03-29T23:00:30.250', '2024-03-29T23:01:30.250']],
    ['@every 1m', ['2024-03-29T23:00:30.000', '2024-03-29T23:01:30.000']],
    ['@every 1500ms', ['2024-03-29T22:59:31.000', '2024-03-29T22:59:32.000']],
    ['@hourly', ['2024-03-29T23:00:00.000', '2024-03-30T00:00:00.000']],
    ['@yearly', ['2025-01-01T00:00:00.000']],
    ['*/20 * * * *', ['2024-03-29T23:00:00.000', '2024-03-29T23:20:00.000']],
    ['5/25 * ? * *', ['2024-03-29T23:05:00.000', '2024-03-29T23:30:00.000', '2024-03-29T23:55:00.000']],
    ['0,30 */2 * * * *', ['2024-03-29T23:00:00.000', '2024-03-29T23:00:30.000', '2024-03-29T23:02:00.000']],
    ['0 12 1 * mon', ['2024-04-01T12:00:00.000', '2024-04-08T12:00:00.000']],
    ['0 12 * feb-MAR sun', ['2024-03-31T12:00:00.000', '2025-02-02T12:00:00.000']],
    ['TZ=Europe/London 30 3-6 * * *', ['2024-03-30T03:30:00.000', '2024-03-30T04:30:00.000']],
    ['TZ=Asia/Tokyo 0 9 31 * *', ['2024-03-31T00:00:00.000']],
  ])('%j', async (interval, expected) => {
    expect(await times(interval, expected.length)).toEqual(expected);
  });

  it('of a duration keep their rate, and make up for one that was missed', async () => {
    expect(await times('10s', 4, 4_000)).toEqual([
      '2024-03-29T22:59:30.250',
      '2024-03-29T22:59:40.250',
      '2024-03-29T22:59:50.250',
      '2024-03-29T23:00:00.250',
    ]);
    expect(await times('10s', 4, 25_000)).toEqual([
      '2024-03-29T22:59:30.250',
      '2024-03-29T22:59:55.250',
      '2024-03-29T23:00:20.250',
      '2024-03-29T23:00:45.250',
    ]);
  });

  it('of cron come late rather than never', async () => {
    expect(await times('* * * * *', 3, 90_000)).toEqual(['2024-03-29T23:00:00.000', '2024-03-29T23:01:30.000', '2024-03-29T23:03:00.000']);
  });

  it.each([
    'soon',
    '@every soon',
    '* * * *',
    '60 * * * *',
    '* * * * 7',
    '* * L * *',
    '* * 15W * *',
    '* * * * mon#2',
    '0 0 30 2 *',
    'TZ=Nowhere/City * * * * *',
  ])('%j is no interval', (interval) => {
    expect(() => ticksOf(interval, SETTINGS, new ManualClock())).toThrow(expect.objectContaining({ code: 'COMPONENT_CONFIG' }));
  });

  it('end with their signal', async () => {
    const abort = new AbortController();
    const waiting = ticksOf('@yearly', SETTINGS, new ManualClock())(abort.signal);
    abort.abort();
    await waiting;
  });
});
