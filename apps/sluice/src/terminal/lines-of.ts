import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of a file, or of standard input. Opened when they are read, since lines that come earlier would be lost. */
export async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}
