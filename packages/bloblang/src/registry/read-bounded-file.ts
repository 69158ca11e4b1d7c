import { closeSync, openSync, readSync } from 'node:fs';
import { BloblangError, MAX_TEXT_LENGTH } from '@sluice/values';

/** The most bytes that a mapping reads from a file: as many as a text may have. Some files, such as `/dev/zero`, have no end. */
const MAX_FILE_BYTES = MAX_TEXT_LENGTH;

const CHUNK_BYTES = 64 * 1024;

/** The bytes of a file. Throws `BloblangError` if there are more than {@link MAX_FILE_BYTES}, and Node's error if it cannot be read. */
export function readBoundedFile(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const chunks: Uint8Array[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks, total);
      total += count;
      if (total > MAX_FILE_BYTES) throw new BloblangError(`read ${path}: the file exceeds the maximum of ${MAX_FILE_BYTES} bytes`);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}
