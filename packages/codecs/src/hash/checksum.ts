/** Checksums and hashes that node:crypto does not have. */
import { crc32 as crc32Ieee } from 'node:zlib';

/** FNV-1 (not 1a), 32 bits. */
export function fnv32(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash, 0x01000193) ^ byte;
  return hash >>> 0;
}

/** CRC-32 with the polynomial of a name, `undefined` for a name that is none. */
export function crc32(polynomial: string): ((bytes: Uint8Array) => number) | undefined {
  if (polynomial === 'IEEE') return (bytes) => crc32Ieee(bytes);
  const reversed = REVERSED_POLYNOMIALS.get(polynomial);
  return reversed === undefined ? undefined : byTable(tableOf(reversed));
}

const REVERSED_POLYNOMIALS = new Map([
  ['Castagnoli', 0x82f63b78],
  ['Koopman', 0xeb31d82e],
]);

const tableOf = (polynomial: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    return remainder;
  });

const byTable =
  (table: Uint32Array) =>
  (bytes: Uint8Array): number => {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
    return ~crc >>> 0;
  };
