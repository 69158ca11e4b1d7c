/** Dead letters as objects of lines. What is sent again after a lost answer replaces the object that was written before. */
import { createHash } from 'node:crypto';
import type { AwsClientSettings } from '@sluice/credentials';
import { callAws, sdkSettings } from './call-aws.ts';
import type { DeadLetterOutput, OutgoingLetter } from './dead-letter-output.ts';

export interface S3OutputOptions {
  readonly bucket: string;
  /** Before the name of each object. */
  readonly prefix: string;
  /** `https://host/bucket/key` in place of `https://bucket.host/key`. */
  readonly isPathStyle: boolean;
}

export async function openS3Output(
  { bucket, prefix, isPathStyle }: S3OutputOptions,
  settings: AwsClientSettings,
): Promise<DeadLetterOutput> {
  // Loaded only where it is used: it is large.
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ ...sdkSettings(settings), forcePathStyle: isPathStyle });
  const name = `s3://${bucket}/${prefix}`;
  return {
    name,
    async put(letters, signal) {
      const object = new PutObjectCommand({
        ...{ Bucket: bucket, Key: `${prefix}${objectName(letters)}` },
        Body: Buffer.from(letters.map(({ line }) => `${line}\n`).join('')),
        ContentType: 'application/x-ndjson',
      });
      await callAws({ name, credentials: settings.credentials, signal }, (abortSignal) => client.send(object, { abortSignal }));
      return letters.map(() => undefined);
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

/** `2026/11/30/output-orders-20261130T120000.000Z-0f3c….jsonl`: the day and time of the first letter; the same letters have the same name. */
function objectName(letters: readonly OutgoingLetter[]): string {
  const { target, rejectedAtMs } = letters[0]!.letter;
  const time = new Date(rejectedAtMs).toISOString();
  const hash = createHash('sha256');
  for (const { letter } of letters) hash.update(`${letter.target}\n${letter.id}\n`);
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `${day}/${target.replace(/[^\w.-]+/g, '-')}-${time.replaceAll(/[-:]/g, '')}-${hash.digest('hex').slice(0, 16)}.jsonl`;
}
