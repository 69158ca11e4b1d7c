/** A character from here on sorts otherwise in UTF-16 than in UTF-8. */
const BEYOND_SURROGATES = /[\ud800-\uffff]/;

/** The order of two texts by their bytes, which is the order of Go's strings. */
export function compareText(left: string, right: string): number {
  if (BEYOND_SURROGATES.test(left) || BEYOND_SURROGATES.test(right)) return compareCodePoints(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareCodePoints(left: string, right: string): number {
  const end = Math.min(left.length, right.length);
  for (let index = 0; index < end; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(left, index) - rank(right, index);
  }
  return left.length - right.length;
}

/** Where a code unit stands among first bytes: a pair above the rest, a stray byte at the place of that byte as lead byte. */
function rank(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const isPaired = unit < 0xdc00 ? isLow(text.charCodeAt(index + 1)) : isHigh(text.charCodeAt(index - 1));
  return isPaired ? 0x10000 + unit : leadRank(unit - 0xdc00);
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** A stray byte against well-formed characters: 0x80–0xC1 before every two-byte character, 0xF5 and above after all. */
function leadRank(byte: number): number {
  if (byte < 0xc2) return 0x7f + byte / 0x100;
  if (byte < 0xe0) return ((byte & 0x1f) << 6) - 0.5;
  if (byte < 0xf0) return Math.max((byte & 0x0f) << 12, 0x800) - 0.5;
  return 0x20000 + byte;
}
