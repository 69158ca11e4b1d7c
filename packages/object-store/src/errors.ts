import { SluiceError } from '@sluice/core';

/** An object could not be stored. The same again may succeed. */
export class ObjectStoreError extends SluiceError {
  readonly code = 'OBJECT_STORE_FAILED';
  readonly disposition = 'retry';

  constructor(bucket: string, cause: unknown) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`an object could not be stored in bucket ${bucket}: ${text}`, { cause, details: { bucket } });
  }
}
