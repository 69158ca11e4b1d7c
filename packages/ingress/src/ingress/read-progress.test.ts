import { ManualClock } from '@sluice/core/testing';
import { CredentialsUnavailableError } from '@sluice/credentials';
import { IteratorExpiredError, KinesisAccessError, KinesisThrottledError, KinesisTimeoutError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { ShardBlockedError } from '../errors.ts';
import { ReadProgress } from './read-progress.ts';
import { watchReads } from './watch-reads.ts';

describe('ReadProgress', () => {
  it('lets the lag of a shard grow while it is not read, and forgets it when its reader ends', () => {
    const { clock, progress } = progressOf();
    progress.started('a');
    clock.advance(2_000);
    expect(progress.lagMs('a')).toBe(2_000);
    progress.read('a', 500);
    progress.failed('a', timedOut());
    clock.advance(1_000);
    expect(progress.lagMs('a')).toBe(1_500);
    progress.ended('a');
    expect(progress.lagMs('a')).toBe(0);
  });

  it('lets the lag of a shard grow that stands still at a record, however often that is read again', () => {
    const { clock, progress } = progressOf();
    const blocked = new ShardBlockedError({
      stream: 's',
      shardId: 'a',
      reason: 'no records',
      sequenceNumber: '1',
      arrivedAtMs: clock.now() - 5_000,
    });
    progress.started('a');
    for (let second = 0; second < 10; second++) {
      progress.read('a', 0);
      progress.failed('a', blocked);
      clock.advance(1_000);
    }
    expect(progress.lagMs('a')).toBe(15_000);
    progress.read('a', 20_000);
    expect(progress.lagMs('a')).toBe(20_000);
    progress.read('a', 100);
    progress.passedOn('a');
    expect(progress.lagMs('a')).toBe(100);
  });

  it('fails once no shard at all could be read for a while', () => {
    const { clock, progress } = progressOf();
    progress.started('a');
    progress.started('b');
    progress.failed('a', timedOut());
    clock.advance(20_000);
    expect(progress.isFailing(15_000)).toBe(false);
    progress.failed('b', new KinesisAccessError('why', {}, undefined));
    expect(progress.isFailing(15_000)).toBe(true);
    progress.read('b', 0);
    expect(progress.isFailing(15_000)).toBe(false);
  });

  it('counts missing credentials as failing', () => {
    const { clock, progress } = progressOf();
    progress.started('a');
    progress.failed('a', new CredentialsUnavailableError('the environment', 'there are none'));
    clock.advance(15_000);
    expect(progress.isFailing(15_000)).toBe(true);
  });

  it.each([
    ['throttling', new KinesisThrottledError('slow down', {}, undefined)],
    ['an expired iterator', new IteratorExpiredError('a')],
    ['a bug', new TypeError('bug')],
  ])('does not count %s as failing', (_, error) => {
    const { clock, progress } = progressOf();
    progress.started('a');
    progress.failed('a', error);
    clock.advance(60_000);
    expect(progress.isFailing(15_000)).toBe(false);
  });
});

describe('watchReads', () => {
  it('reports a failure after 15 seconds, and a recovery after Kinesis has answered for as long', () => {
    const { clock, progress, reports } = watched();
    progress.started('a');
    progress.failed('a', timedOut());
    clock.advance(14_000);
    expect(reports).toEqual([]);
    clock.advance(1_000);
    expect(reports).toEqual([true]);
    progress.ended('a');
    clock.advance(60_000);
    expect(reports).toEqual([true]);

    progress.succeeded();
    clock.advance(15_000);
    expect(reports).toEqual([true]);
    clock.advance(1_000);
    expect(reports).toEqual([true, false]);
  });

  it('waits twice as long after each relapse, and begins anew when a shard fails meanwhile', () => {
    const { clock, progress, reports } = watched();
    const relapse = () => {
      progress.started('a');
      progress.failed('a', timedOut());
      clock.advance(15_000);
      progress.ended('a');
      progress.succeeded();
    };
    relapse();
    clock.advance(16_000);
    relapse();
    clock.advance(20_000);
    progress.started('b');
    progress.failed('b', timedOut());
    clock.advance(1_000);
    progress.read('b', 0);
    clock.advance(30_000);
    expect(reports).toEqual([true, false, true]);
    clock.advance(1_000);
    expect(reports).toEqual([true, false, true, false]);
  });

  it('leaves no timer behind', () => {
    const { clock, stop } = watched();
    clock.advance(5_000);
    stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

const timedOut = () => new KinesisTimeoutError(1_000, {});

function progressOf() {
  const clock = new ManualClock();
  return { clock, progress: new ReadProgress(clock) };
}

function watched() {
  const { clock, progress } = progressOf();
  const reports: boolean[] = [];
  const stop = watchReads(progress, clock, (isFailing) => reports.push(isFailing));
  return { clock, progress, reports, stop };
}
