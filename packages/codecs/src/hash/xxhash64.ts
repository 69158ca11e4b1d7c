/** xxHash64 with seed 0. The engine keeps 64-bit products in registers as long as each step is cut to 64 bits at once. */
export function xxhash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  let offset = 0;
  let hash: bigint;
  if (length >= 32) {
    const lanes: Lanes = [cut(PRIME_1 + PRIME_2), PRIME_2, 0n, cut(-PRIME_1)];
    for (; offset + 32 <= length; offset += 32) {
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane]!, view.getBigUint64(offset + lane * 8, true));
    }
    hash = merge(lanes);
  } else {
    hash = PRIME_5;
  }
  hash = cut(hash + BigInt(length));
  for (; offset + 8 <= length; offset += 8) {
    const mixed = hash ^ round(0n, view.getBigUint64(offset, true));
    hash = cut(rotate(mixed, 27n) * PRIME_1 + PRIME_4);
  }
  if (offset + 4 <= length) {
    const mixed = hash ^ cut(BigInt(view.getUint32(offset, true)) * PRIME_1);
    hash = cut(rotate(mixed, 23n) * PRIME_2 + PRIME_3);
    offset += 4;
  }
  for (; offset < length; offset++) {
    hash = cut(rotate(hash ^ cut(BigInt(bytes[offset]!) * PRIME_5), 11n) * PRIME_1);
  }
  return avalanche(hash);
}

type Lanes = [bigint, bigint, bigint, bigint];

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const cut = (value: bigint): bigint => BigInt.asUintN(64, value);

const rotate = (value: bigint, bits: bigint): bigint => BigInt.asUintN(64, value << bits) | (value >> (64n - bits));

const round = (lane: bigint, input: bigint): bigint => cut(rotate(cut(lane + cut(input * PRIME_2)), 31n) * PRIME_1);

function merge(lanes: Lanes): bigint {
  const [a, b, c, d] = lanes;
  let hash = cut(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
  for (const lane of lanes) hash = cut((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  return hash;
}

function avalanche(value: bigint): bigint {
  let hash = cut((value ^ (value >> 33n)) * PRIME_2);
  hash = cut((hash ^ (hash >> 29n)) * PRIME_3);
  return hash ^ (hash >> 32n);
}
