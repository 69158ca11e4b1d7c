import { ManualClock } from '@sluice/core/testing';
import type { ResourceEvent } from '@sluice/telemetry';
import { expect, it } from 'vitest';
import { reportingCache, reportingRateLimit } from './reporting.ts';

const gone = () => {
  throw new Error('gone');
};
const later = async () => gone();

it.each([
  ['at once', gone],
  ['later', later],
])('failures are reported, and thrown: %s', async (_, fail) => {
  const events: ResourceEvent[] = [];
  const report = (event: ResourceEvent) => void events.push(event);
  const cache = reportingCache({ get: fail, set: fail, add: fail, delete: fail }, 'c', { clock: new ManualClock(), report });
  const limit = reportingRateLimit({ access: fail }, 'r', report);
  await expect((async () => cache.get('k'))()).rejects.toThrow('gone');
  await expect((async () => limit.access())()).rejects.toThrow('gone');
  expect(events).toEqual([
    { type: 'cache.failed', cache: 'c', operation: 'get', seconds: 0 },
    { type: 'rateLimit.checked', rateLimit: 'r' },
    { type: 'rateLimit.failed', rateLimit: 'r' },
  ]);
});

it('a rate limit without a place left is reported', () => {
  const events: string[] = [];
  const limit = reportingRateLimit({ access: () => 5 }, 'r', ({ type }) => void events.push(type));
  expect([limit.access(), events]).toEqual([5, ['rateLimit.checked', 'rateLimit.triggered']]);
});
