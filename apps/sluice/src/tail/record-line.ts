import type { SluiceRecord } from '@sluice/core';

/** A record as a line of JSON. @param decode the data as JSON or text where it is, instead of base64 */
export function recordLine({ partitionKey, explicitHashKey, data, origin }: SluiceRecord, decode: boolean): string {
  const { shardId, sequenceNumber, subSequenceNumber, arrivalTimeMs } = origin!;
  const head = JSON.stringify({
    key: partitionKey,
    ...(explicitHashKey !== undefined && { explicitHashKey }),
    shard: shardId,
    sequenceNumber,
    ...(subSequenceNumber > 0 && { subSequenceNumber }),
    ...(arrivalTimeMs > 0 && { arrivedAt: new Date(arrivalTimeMs).toISOString() }),
  });
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return `${head.slice(0, -1)},${(decode && decoded(bytes)) || `"data_base64":"${bytes.toString('base64')}"`}}`;
}

function decoded(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return `"data":${isJson(text) ? onOneLine(text) : JSON.stringify(text)}`;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** As it is written, so that large numbers keep their digits; no string of JSON has a line break in it. */
const onOneLine = (json: string): string => json.replaceAll(/[\r\n]+/g, ' ').trim();
