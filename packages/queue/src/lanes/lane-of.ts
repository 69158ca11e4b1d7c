/**
 * The lane of a key: FNV-1a over its UTF-16 code units, stirred by MurmurHash3's finalizer, modulo the number of lanes.
 * Never change it: while jobs wait, a key that moved to another lane would be delivered out of order.
 */
export function laneOf(key: string, lanes: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), FNV_PRIME);
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >>> 8), FNV_PRIME);
  }
  return stir(hash) % lanes;
}

/** As {@link laneOf}, of a key that lies in `bytes` as UTF-8. ASCII, the common case, never becomes a string. */
export function laneOfUtf8(bytes: Buffer, start: number, end: number, lanes: number): number {
  let hash = FNV_OFFSET;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return laneOf(bytes.toString('utf8', start, end), lanes);
    hash = Math.imul(hash ^ byte, FNV_PRIME);
  }
  return stir(hash) % lanes;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function stir(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return (whole ^ (whole >>> 16)) >>> 0;
}
