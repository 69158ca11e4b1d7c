import { MAX_BODY_BYTES } from '../limits.ts';
import { ServiceError } from '../service-error.ts';
import type { AnyRequest } from './protocol-switch.ts';

/** The whole body. Rejects with a `RequestEntityTooLarge` above the limit; never settles when the client goes away. */
export function readBody(request: AnyRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      if (length > MAX_BODY_BYTES) reject(new ServiceError('RequestEntityTooLarge', `The request is ${length} bytes long.`, 413));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    });
  });
}
