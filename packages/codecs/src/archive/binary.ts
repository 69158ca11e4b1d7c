/** Benthos's own format: the number of messages, then each with its length before it; all numbers are big-endian 32-bit. */
import { BloblangError } from '@sluice/values';

const NUMBER_BYTES = 4;

export function packBinary(contents: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([uint32(contents.length), ...contents.flatMap((content) => [uint32(content.byteLength), content])]);
}

/** @throws {BloblangError} */
export function unpackBinary(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  const take = (length: number): number => {
    if (offset + length > bytes.byteLength) throw new BloblangError('binary archive is truncated');
    offset += length;
    return offset - length;
  };
  const count = view.getUint32(take(NUMBER_BYTES));
  if (count > bytes.byteLength / NUMBER_BYTES) throw new BloblangError('binary archive is truncated');
  return Array.from({ length: count }, () => {
    const length = view.getUint32(take(NUMBER_BYTES));
    const start = take(length);
    return bytes.subarray(start, start + length);
  });
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(NUMBER_BYTES);
  bytes.writeUInt32BE(value);
  return bytes;
}
