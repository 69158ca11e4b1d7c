/** The fingerprint of schemas in Avro's single-object encoding: CRC-64-AVRO of the canonical form. */

const EMPTY = 0xc15d213aa4d7a795n;

const TABLE: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (value & 1n ? EMPTY : 0n);
  return value;
});

/** As eight bytes, the lowest first. */
export function fingerprintOf(canonical: string): Buffer {
  let value = EMPTY;
  for (const byte of Buffer.from(canonical)) value = (value >> 8n) ^ TABLE[Number((value ^ BigInt(byte)) & 0xffn)]!;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
