import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { historyFile, historyOf, readHistory, remember, writeHistory } from './history.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-history-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('the history', () => {
  it('comes back as it was written, mappings of several lines too, for its owner only', () => {
    const file = join(directory, 'new', 'history.jsonl');
    writeHistory(file, historyOf(['root = 1', 'root.a = 1\nroot.b = 2']));
    expect(readHistory(file)).toEqual(historyOf(['root = 1', 'root.a = 1\nroot.b = 2']));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('begins empty where there is none, or it is broken', () => {
    const broken = join(directory, 'broken.jsonl');
    writeFileSync(broken, 'root =');
    expect(readHistory(broken)).toEqual(historyOf([]));
    expect(readHistory(join(directory, 'absent'))).toEqual(historyOf([]));
  });

  it('keeps the newest 200', () => {
    const many = Array.from({ length: 200 }, (_, index) => `root = ${index}`);
    expect(remember(historyOf(many), 'root = "new"').entries).toEqual([...many.slice(1), 'root = "new"']);
  });

  it('is where the desktop wants state to be', () => {
    expect(historyFile({ XDG_STATE_HOME: '/state' })).toBe('/state/sluice/blobl-history.jsonl');
  });
});
