import { Float64, Uint64, type Value } from '@sluice/values';

/** The order of keys in yaml.v3: numbers before texts, and numbers within texts by what they amount to. */
export function compareYamlKeys(left: Value, right: Value): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left === 'string' && typeof right === 'string') return isLess(left, right) ? -1 : isLess(right, left) ? 1 : 0;
  return (typeof left === 'string' ? 1 : 0) - (typeof right === 'string' ? 1 : 0);
}

function numberOf(value: Value): number | undefined {
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (value instanceof Float64) return value.value;
  return value instanceof Uint64 ? Number(value.value) : undefined;
}

const isDigit = (character: string | undefined): boolean => character !== undefined && /^\p{Nd}$/u.test(character);
const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);

function isLess(left: string, right: string): boolean {
  const [a, b] = [[...left], [...right]];
  let isAfterDigit = false;
  for (let index = 0; index < a.length && index < b.length; index++) {
    const [x, y] = [a[index]!, b[index]!];
    if (x === y) {
      isAfterDigit = isDigit(x);
      continue;
    }
    if (isLetter(x) && isLetter(y)) return x.codePointAt(0)! < y.codePointAt(0)!;
    if (isLetter(x) || isLetter(y)) return isAfterDigit ? isLetter(x) : isLetter(y);
    return isLessBySymbol(a, b, index);
  }
  return a.length < b.length;
}

/** Neither is a letter here: by the numbers that begin here, if any, then by how long they are, then by the characters. */
function isLessBySymbol(a: readonly string[], b: readonly string[], index: number): boolean {
  const isWithinNumber = (a[index] === '0' || b[index] === '0') && followsNonzeroDigit(a, index);
  const [left, right] = [digitsAt(a, index), digitsAt(b, index)];
  const lead = isWithinNumber ? '1' : '0';
  const [x, y] = [BigInt.asIntN(64, BigInt(lead + left)), BigInt.asIntN(64, BigInt(lead + right))];
  if (x !== y) return x < y;
  if (left.length !== right.length) return left.length < right.length;
  return a[index]!.codePointAt(0)! < b[index]!.codePointAt(0)!;
}

function followsNonzeroDigit(characters: readonly string[], index: number): boolean {
  for (let before = index - 1; isDigit(characters[before]); before--) {
    if (characters[before] !== '0') return true;
  }
  return false;
}

function digitsAt(characters: readonly string[], index: number): string {
  let end = index;
  while (isDigit(characters[end])) end++;
  return characters.slice(index, end).map(valueOfDigit).join('');
}

/** Digits of other scripts come in runs of ten; the original takes them for their distance from `0`, which orders them alike. */
const valueOfDigit = (digit: string): string => (digit >= '0' && digit <= '9' ? digit : String(digit.codePointAt(0)! % 10));
