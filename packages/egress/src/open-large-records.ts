import type { OversizeSettings } from '@sluice/config';
import { type ClientSettingsOptions, createAwsClientSettings } from '@sluice/credentials';
import { openObjectStore } from '@sluice/object-store';
import type { LargeRecordStore } from './egress-writer/record-offload.ts';

/** The bucket where the data of too large records are put, each under the hash of its bytes. */
export async function openLargeRecords(
  { bucket, prefix, isPathStyle, aws }: OversizeSettings,
  options: ClientSettingsOptions,
): Promise<LargeRecordStore & Disposable> {
  const store = await openObjectStore({ bucket, isPathStyle }, await createAwsClientSettings(aws, { ...options, service: 'S3' }));
  return {
    put: (name, data, signal) => store.put(prefix + name, data, { contentType: 'application/octet-stream' }, signal),
    placeOf: (name) => ({ bucket, key: prefix + name }),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
