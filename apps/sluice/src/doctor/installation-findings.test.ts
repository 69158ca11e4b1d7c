import { RELEASE } from '@sluice/core';
import { expect, it } from 'vitest';
import { type Installation, installationFindings } from './installation-findings.ts';

const worker = (release = RELEASE, aheadMs = 5) => ({ workerId: 'w1', release, aheadMs });
const FAILURE = { code: 'DEAD_LETTER_OUTPUT_FAILED', reason: 'no bucket', seconds: 90 };
const outcomes = (installation: Partial<Installation>) =>
  installationFindings({ workers: [worker()], failures: [], unreadableBefore: [], ...installation }).flatMap(({ subject, outcome }) =>
    outcome === 'ok' ? [] : [`${subject} ${outcome}`],
  );

it.each<[Partial<Installation>, string[]]>([
  [{}, []],
  [{ workers: [] }, []],
  [{ workers: [worker(), worker('0.0.9')] }, ['workers warning']],
  [{ workers: [worker('9.9.9')] }, ['workers warning']],
  [{ workers: [worker(RELEASE, -3_000)] }, ['clock of w1 warning']],
  [{ failures: [{ subject: 'output of dead letters', workerId: 'w1', failure: FAILURE }] }, ['output of dead letters warning']],
  [{ unreadableBefore: ['frame 2'] }, ['downgrade warning']],
])('finds in %j %j', (installation, expected) => {
  expect(outcomes(installation)).toEqual(expected);
});
