import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { type AwsClientSettings, callOnce, sdkSettings } from '@sluice/credentials';
import { ObjectStoreError } from './errors.ts';
import { toMetadataValue } from './header-text.ts';

export interface ObjectStoreOptions {
  readonly bucket: string;
  /** `https://host/bucket/key` in place of `https://bucket.host/key`. */
  readonly isPathStyle: boolean;
  /** Of each object, with the pauses of the SDK between them, where the service is busy or does not answer. @default 1 */
  readonly attempts?: number;
  /** Until an object is stored, over all attempts. @default 30 s */
  readonly timeoutMs?: number;
}

/** What is stored with an object. Texts but those of metadata must be `isHeaderText`; absent ones are left to the service. */
export interface ObjectProperties {
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly websiteRedirectLocation?: string | undefined;
  readonly storageClass?: string | undefined;
  readonly serverSideEncryption?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  /** By names that are `isMetadataName`. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A bucket. */
export interface ObjectStore extends Disposable {
  readonly bucket: string;
  /**
   * Stores an object, or replaces it.
   * @throws {ObjectStoreError} it is not known to be stored
   */
  put(key: string, body: Uint8Array, properties: ObjectProperties, signal: AbortSignal): Promise<void>;
}

export async function openObjectStore(options: ObjectStoreOptions, settings: AwsClientSettings): Promise<ObjectStore> {
  const { bucket, isPathStyle, attempts, timeoutMs } = options;
  // Loaded only where it is used: it is large.
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    ...sdkSettings(settings),
    forcePathStyle: isPathStyle,
    ...(attempts !== undefined && { maxAttempts: attempts }),
  });
  return {
    bucket,
    async put(Key, Body, properties, signal) {
      const command = new PutObjectCommand({ Bucket: bucket, Key, Body, ...fieldsOf(properties) });
      const call = (abortSignal: AbortSignal) => client.send(command, { abortSignal });
      const toError = (cause: unknown) => new ObjectStoreError(bucket, cause);
      await callOnce(call, { credentials: settings.credentials, signal, toError, ...(timeoutMs !== undefined && { timeoutMs }) });
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

function fieldsOf({ metadata = {}, tags = {}, ...properties }: ObjectProperties): Partial<PutObjectCommandInput> {
  const tagging = new URLSearchParams(Object.entries(tags)).toString();
  return {
    ContentType: properties.contentType,
    ContentEncoding: properties.contentEncoding,
    CacheControl: properties.cacheControl,
    ContentDisposition: properties.contentDisposition,
    ContentLanguage: properties.contentLanguage,
    WebsiteRedirectLocation: properties.websiteRedirectLocation,
    StorageClass: properties.storageClass as PutObjectCommandInput['StorageClass'],
    ServerSideEncryption: properties.serverSideEncryption as PutObjectCommandInput['ServerSideEncryption'],
    SSEKMSKeyId: properties.kmsKeyId,
    Metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, toMetadataValue(text)])),
    Tagging: tagging || undefined,
  };
}
