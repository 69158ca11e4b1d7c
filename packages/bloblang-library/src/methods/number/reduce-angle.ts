/** 4/π in words of 64 bits: 1, then 1216 binary places. */
const FOUR_BY_PI = BigInt(
  '0x' +
    '145f306dc9c882a53f84eafa3ea69bb81b6c52b3278872083fca2c757bd778ac36e48dc74849ba5c00c925dd413a32439fc3' +
    'bd63962534e7dd1046bea5d768909d338e04d68befc827323ac7306a673e93908bf177bf250763ff12fffbc0b301fde5e231' +
    '6b414da3eda6cfd9e4f96136e9e8c7ecd3cbfd45aea4f758fd7cbe2f67a0e73ef14a525d4d7f6bf623f1aba10ac06608df8f' +
    '6d757',
);
const WORD = 64n;
const WORDS = 20n;
const MASK = (1n << WORD) - 1n;

const view = new DataView(new ArrayBuffer(8));

/** The 64 bits of 4/π that begin so many bits behind the first word. */
const bitsAt = (offset: bigint): bigint => (FOUR_BY_PI >> ((WORDS - 1n) * WORD - offset)) & MASK;

/**
 * The octant of a positive angle, even ones only, and what is left of it within ±π/4, for any angle however large: Payne and Hanek's
 * reduction as Go does it, which multiplies by the 192 bits of 4/π that matter.
 */
export function reduceAngle(angle: number): { readonly octant: number; readonly rest: number } {
  view.setFloat64(0, angle);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn) - 1023 - 52;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  const offset = BigInt(exponent + 61);
  const low = (bitsAt(offset + 2n * WORD) * mantissa) >> WORD;
  const middle = bitsAt(offset + WORD) * mantissa;
  const high = bitsAt(offset) * mantissa;
  const product = ((high << WORD) + middle + low) & ((1n << (2n * WORD)) - 1n);
  const octant = Number(product >> (2n * WORD - 3n));
  const fraction = fractionOf(product);
  return octant % 2 === 1 ? { octant: (octant + 1) % 8, rest: (fraction - 1) * (Math.PI / 4) } : { octant, rest: fraction * (Math.PI / 4) };
}

/** What is behind the three bits of the octant, as a float that is cut off, not rounded. Go takes its last bits from where we do. */
function fractionOf(product: bigint): number {
  const low = product & MASK;
  const high = (product >> (WORD - 3n)) & MASK;
  const zeros = BigInt(64 - high.toString(2).length);
  const mantissa = (((high << (zeros + 1n)) | (low >> (63n - zeros))) & MASK) >> 12n;
  view.setBigUint64(0, ((1022n - zeros) << 52n) | mantissa);
  return view.getFloat64(0);
}
