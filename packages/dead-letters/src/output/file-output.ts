/** Dead letters as lines of a file that is appended to. It is opened anew for each put, so that it may be moved away at any time. */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DeadLetterOutputError } from '../errors.ts';
import type { DeadLetterOutput, OutgoingLetter } from './dead-letter-output.ts';

/** Records may hold what not everybody on the machine may read. */
const MODE = 0o600;
const NEWLINE = 10;

export const createFileOutput = (path: string): DeadLetterOutput => ({
  name: `file ${path}`,
  async put(letters) {
    try {
      await append(path, letters);
      return letters.map(() => undefined);
    } catch (error) {
      throw new DeadLetterOutputError(`file ${path}`, error);
    }
  },
  [Symbol.dispose]: () => undefined,
});

async function append(path: string, letters: readonly OutgoingLetter[]): Promise<void> {
  const file = await open(path, 'a+', MODE);
  try {
    const { size } = await file.stat();
    const lines = letters.map(({ line }) => `${line}\n`).join('');
    try {
      await file.appendFile(`${(await endsInLine(file, size)) ? '' : '\n'}${lines}`);
      await file.datasync();
    } catch (error) {
      // A disk that is full has taken a part of it. What cannot be taken back is a torn line, which an import says.
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/** A process that died while it wrote has left a part of a line. */
async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
}

/** A new file is there after a crash only once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
