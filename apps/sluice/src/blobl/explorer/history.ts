import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Mappings of earlier sessions, oldest first, and where among them one is looking. Immutable. */
export interface History {
  readonly entries: readonly string[];
  /** Index of the entry that is shown; `entries.length` for the mapping being written. */
  readonly at: number;
  /** The mapping being written, kept while entries are shown. */
  readonly draft: string;
}

const MAX_ENTRIES = 200;

export const historyOf = (entries: readonly string[]): History => ({ entries, at: entries.length, draft: '' });

/** One step towards older (-1) or newer (1) mappings; `undefined` at the end. */
export function recall(history: History, step: -1 | 1, current: string): { readonly history: History; readonly text: string } | undefined {
  const at = history.at + step;
  if (at < 0 || at > history.entries.length) return undefined;
  const draft = history.at === history.entries.length ? current : history.draft;
  return { history: { ...history, at, draft }, text: at === history.entries.length ? draft : history.entries[at]! };
}

/** With a mapping as its newest entry, unless it is blank. */
export function remember({ entries }: History, text: string): History {
  if (text.trim() === '') return historyOf(entries);
  return historyOf([...entries.filter((entry) => entry !== text), text].slice(-MAX_ENTRIES));
}

export const historyFile = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'sluice', 'blobl-history.jsonl');

/** A history that cannot be read begins empty: it is a convenience. */
export function readHistory(file: string): History {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return historyOf(lines.map((line) => JSON.parse(line) as unknown).filter((entry) => typeof entry === 'string'));
  } catch {
    return historyOf([]);
  }
}

/** Readable by its owner only, since mappings may hold what others should not see. A disk that refuses it is none of the user's trouble. */
export function writeHistory(file: string, { entries }: History): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 });
  } catch {
    return;
  }
}
