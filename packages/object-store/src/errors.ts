import { SluiceError } from '@sluice/core';

/** What S3 never takes of an object, whatever else changes. */
const OF_THE_OBJECT: ReadonlySet<string> = new Set([
  'EntityTooLarge',
  'InvalidStorageClass',
  'InvalidTag',
  'KeyTooLongError',
  'MetadataTooLarge',
]);

/** An object could not be stored. The same again may succeed. */
export class ObjectStoreError extends SluiceError {
  readonly code = 'OBJECT_STORE_FAILED';
  readonly disposition = 'retry';

  constructor(bucket: string, cause: unknown) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`an object could not be stored in bucket ${bucket}: ${text}`, { cause, details: { bucket } });
  }

  /** Whether S3 refused the object itself: the same again will not succeed. */
  get isOfObject(): boolean {
    return this.cause instanceof Error && OF_THE_OBJECT.has(this.cause.name);
  }
}
