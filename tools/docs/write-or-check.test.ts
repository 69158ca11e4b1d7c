import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { writeOrCheck } from './write-or-check.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
afterAll(() => rmSync(root, { recursive: true }));

it('writes what is stale, and says so when it may only look', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const files = { 'a/b.md': 'text\n' };

  const answers = [true, false, true].map((isCheck) => writeOrCheck(files, { isCheck, root }));
  const afterChange = writeOrCheck({ 'a/b.md': 'other\n' }, { isCheck: true, root });

  expect([...answers, afterChange]).toEqual([false, true, true, false]);
  expect(readFileSync(join(root, 'a/b.md'), 'utf8')).toBe('text\n');
  expect(log.mock.calls).toEqual([['wrote a/b.md']]);
  expect(error.mock.calls).toEqual([['a/b.md is stale'], ['a/b.md is stale']]);
});
