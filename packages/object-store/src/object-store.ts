import { type AwsClientSettings, callOnce, sdkSettings } from '@sluice/credentials';
import { ObjectStoreError } from './errors.ts';

export interface ObjectStoreOptions {
  readonly bucket: string;
  /** `https://host/bucket/key` in place of `https://bucket.host/key`. */
  readonly isPathStyle: boolean;
}

/** A bucket. */
export interface ObjectStore extends Disposable {
  readonly bucket: string;
  /**
   * Stores an object, or replaces it.
   * @throws {ObjectStoreError} it is not known to be stored
   */
  put(key: string, body: Buffer, contentType: string, signal: AbortSignal): Promise<void>;
}

export async function openObjectStore({ bucket, isPathStyle }: ObjectStoreOptions, settings: AwsClientSettings): Promise<ObjectStore> {
  // Loaded only where it is used: it is large.
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ ...sdkSettings(settings), forcePathStyle: isPathStyle });
  return {
    bucket,
    async put(Key, Body, ContentType, signal) {
      const command = new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType });
      const call = (abortSignal: AbortSignal) => client.send(command, { abortSignal });
      await callOnce(call, { credentials: settings.credentials, signal, toError: (cause) => new ObjectStoreError(bucket, cause) });
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
