import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UnreadableFileError } from './errors.ts';

/**
 * The lines of a file, or of standard input. Opened when they are read, since lines that come earlier would be lost.
 * @throws {UnreadableFileError} when they are read
 */
export async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw file === undefined ? error : new UnreadableFileError(file, error);
  }
}
