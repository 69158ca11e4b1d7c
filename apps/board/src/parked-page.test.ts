import { expect, it } from 'vitest';
import { type ParkedRow, renderParkedPage } from './parked-page.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

it('shows who is parked, the longest first, and what an id contains is text', () => {
  const page = renderParkedPage([row('new', 1_000), row('<b>old</b>', 60_000)], NOW);
  expect(page).toContain('2 parked, 2 shown');
  expect(page).toContain(
    '<td>com.example/greeter</td><td>&lt;b&gt;old&lt;/b&gt;</td><td>3</td><td>2025-12-31T23:59:00.000Z</td><td>2 ×</td><td>in 5 s</td><td>no answer (FUNCTION_CALL_FAILED)</td>',
  );
  expect(page.indexOf('&lt;b&gt;old')).toBeLessThan(page.indexOf('<td>new</td>'));
});

it('says so where nobody is', () => {
  expect(renderParkedPage([], NOW)).toContain('No address is parked.');
});

const row = (id: string, agoMs: number): ParkedRow => ({
  ...{ type: 'com.example/greeter', id, records: 3, since: NOW - agoMs, attempts: 2, retryAt: NOW + 5_000 },
  reason: { code: 'FUNCTION_CALL_FAILED', message: 'no answer' },
});
