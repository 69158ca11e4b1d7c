import type { DeadLetterSettings } from '@sluice/config';
import type { DeadLettersMeasure } from '@sluice/queue';
import { expect, it } from 'vitest';
import { deadLetterFindings } from './dead-letter-findings.ts';

const FILE: DeadLetterSettings['output'] = { type: 'file', path: '/var/dead.jsonl' };

it.each<[string, Partial<DeadLetterSettings>, Partial<DeadLettersMeasure>, string[]]>([
  ['none', { output: FILE, maxBytes: 100 }, { count: 0 }, ['ok dead letters']],
  ['old ones without an output', {}, { oldestAgeMs: 9e9 }, ['ok dead letters']],
  ['new ones with an output', { output: FILE }, { oldestAgeMs: 299_999 }, ['ok dead letters']],
  ['old ones with an output', { output: FILE }, { oldestAgeMs: 300_000 }, ['warning dead letters of t']],
  ['less than half of a limit', { maxBytes: 100 }, { bytes: 49 }, ['ok dead letters']],
  ['half of a limit', { maxBytes: 100 }, { bytes: 50 }, ['warning dead letters of t']],
  ['a limit', { maxAgeMs: 100 }, { oldestAgeMs: 100 }, ['problem dead letters of t']],
])('finds %s', (_, settings, measure, expected) => {
  const findings = deadLetterFindings(
    { output: undefined, maxAgeMs: undefined, maxBytes: undefined, ...settings },
    new Map([['t', { count: 3, bytes: 0, oldestAgeMs: 0, ...measure }]]),
  );
  expect(findings.map(({ outcome, subject }) => `${outcome} ${subject}`)).toEqual(expected);
});
