import { type Clock, systemClock } from '@sluice/core';
import { expect, it } from 'vitest';
import { FailedLogins } from './failed-logins.ts';

it('blocks an address after ten failures, for the rest of the minute', () => {
  let nowMs = 0;
  const logins = new FailedLogins(clockAt(() => nowMs));
  for (let n = 0; n < 9; n++) logins.add('10.0.0.1');
  expect(logins.blockedForSeconds('10.0.0.1')).toBe(0);
  nowMs = 20_000;
  logins.add('10.0.0.1');
  expect([logins.blockedForSeconds('10.0.0.1'), logins.blockedForSeconds('10.0.0.2')]).toEqual([40, 0]);
  nowMs = 60_000;
  expect(logins.blockedForSeconds('10.0.0.1')).toBe(0);
  logins.add('10.0.0.1');
  expect(logins.blockedForSeconds('10.0.0.1')).toBe(0);
});

it('forgets the oldest address rather than grow without bound', () => {
  const logins = new FailedLogins(clockAt(() => 0));
  for (let n = 0; n < 10; n++) logins.add('first');
  for (let n = 0; n < 10_000; n++) logins.add(`address ${n}`);
  expect(logins.blockedForSeconds('first')).toBe(0);
});

const clockAt = (monotonic: () => number): Clock => ({ ...systemClock, monotonic });
