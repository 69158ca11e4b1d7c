/** Bytes of the fields of a frame's header, by the two bits that choose them (RFC 8878, section 3.1.1). */
const DICTIONARY_ID = [0, 1, 2, 4];
const CONTENT_SIZE = [0, 2, 4, 8];
const RUN_OF_ONE_BYTE = 1;

/** The first bytes of a frame that is skipped, as a little-endian number without its lowest four bits. */
const SKIPPABLE_MAGIC = 0x184d2a5;

/** Whether the zstd frame that these bytes begin with ends within them. Reads the headers of its blocks only. */
export function isWholeFrame(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) >>> 4 === SKIPPABLE_MAGIC) return 8 + view.getUint32(4, true) <= bytes.length;
  const descriptor = bytes[4]!;
  const isSingleSegment = (descriptor >> 5) & 1;
  const contentSize = CONTENT_SIZE[descriptor >> 6]! || isSingleSegment;
  let offset = 5 + (1 - isSingleSegment) + DICTIONARY_ID[descriptor & 3]! + contentSize;
  for (let isLast = false; !isLast; ) {
    if (offset + 3 > bytes.length) return false;
    const header = bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16);
    isLast = (header & 1) === 1;
    offset += 3 + (((header >> 1) & 3) === RUN_OF_ONE_BYTE ? 1 : header >> 3);
  }
  const checksum = ((descriptor >> 2) & 1) * 4;
  return offset + checksum <= bytes.length;
}
