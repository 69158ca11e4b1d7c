import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes to a stream and waits while it is full. Once the reader has gone (`… | head`), the process ends quietly. */
export function writerTo(stream: Writable): (output: Uint8Array) => Promise<void> {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return async (output) => {
    if (!stream.write(output)) await once(stream, 'drain');
  };
}
