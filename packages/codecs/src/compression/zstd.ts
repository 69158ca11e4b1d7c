import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { BloblangError, errorText, MAX_TEXT_LENGTH } from '@sluice/values';
import { unexpectedEnd } from '../binary/output.ts';
import { isWholeFrame } from './zstd-frame.ts';

/** One frame with a checksum; nothing for nothing. The original's library knows four levels only. */
export function compressZstd(bytes: Uint8Array, level: number): Uint8Array {
  if (bytes.length === 0) return new Uint8Array(0);
  const params = { [constants.ZSTD_c_compressionLevel]: nearestLevel(level), [constants.ZSTD_c_checksumFlag]: 1 };
  return withWindow(zstdCompressSync(bytes, { params }), bytes.length);
}

const MIN_WINDOW = 1024;
const SINGLE_SEGMENT = 0x20;

/** Up to the least window the original's library names a window in the header, where ours says that the content is all there is. */
function withWindow(frame: Uint8Array, contentLength: number): Uint8Array {
  if (contentLength > MIN_WINDOW) return frame;
  const descriptor = frame[4]! & ~SINGLE_SEGMENT;
  const windowDescriptor = contentLength < MIN_WINDOW ? 0 : 8;
  // A length of one byte is not written beside a window.
  const rest = frame.subarray(contentLength < 256 ? 6 : 5);
  return Buffer.concat([frame.subarray(0, 4), Uint8Array.of(descriptor, windowDescriptor), rest]);
}

function nearestLevel(level: number): number {
  if (level < 3) return 1;
  if (level < 6) return 3;
  return level < 10 ? 7 : 11;
}

/** All frames, one behind the other; nothing for nothing. */
export function decompressZstd(bytes: Uint8Array): Uint8Array {
  const frames: Uint8Array[] = [];
  let length = 0;
  // The engine stops behind the first frame.
  for (let rest = bytes; rest.length > 0; ) {
    const { content, consumed } = decompressFrame(rest, MAX_TEXT_LENGTH - length);
    frames.push(content);
    length += content.length;
    rest = rest.subarray(consumed);
  }
  return frames.length === 1 ? frames[0]! : Buffer.concat(frames);
}

function decompressFrame(bytes: Uint8Array, maxLength: number): { content: Uint8Array; consumed: number } {
  try {
    const options = { info: true, maxOutputLength: Math.max(1, maxLength) };
    const { buffer, engine } = zstdDecompressSync(bytes, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    // Node 22 takes a part of a frame for a whole one.
    if (engine.bytesWritten === 0 || !isWholeFrame(bytes)) throw unexpectedEnd();
    return { content: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    throw toBloblangError(error, bytes);
  }
}

/** The first bytes of a frame and of one that is skipped, as little-endian numbers; of the latter only the upper 28 bits count. */
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5;

function toBloblangError(error: unknown, bytes: Uint8Array): BloblangError {
  if (error instanceof BloblangError) return error;
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_BUFFER_TOO_LARGE') return new BloblangError(`result exceeds the maximum of ${MAX_TEXT_LENGTH} bytes`);
  if (code === 'ZSTD_error_checksum_wrong') return new BloblangError('CRC check failed');
  if (bytes.length < 4) return unexpectedEnd();
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const isForeign = magic !== MAGIC && magic >>> 4 !== SKIPPABLE_MAGIC;
  if (isForeign || code === 'ZSTD_error_prefix_unknown') return new BloblangError('invalid input: magic number mismatch');
  return code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong' ? unexpectedEnd() : new BloblangError(errorText(error));
}
