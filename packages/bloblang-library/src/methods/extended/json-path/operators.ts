import { BloblangError, compareText, equals, Float64, goTypeName, isArray, isNull, isNumber, type Value } from '@sluice/values';
import { compilePattern } from '../../regexp/compile-pattern.ts';
import { asBool, asNumber, asText, type Expression, isZero } from './scope.ts';

/** What an operator does with operands of each kind. Those of the right kinds come first, then those that can be taken for them. */
interface Meanings {
  readonly numbers?: (a: number, b: number) => Value;
  readonly bools?: (a: boolean, b: boolean) => Value;
  readonly texts?: (a: string, b: string) => Value;
  readonly others?: (a: Value, b: Value) => Value;
}

export interface Infix {
  readonly precedence: number;
  readonly build: (left: Expression, right: Expression) => Expression;
}

function apply(name: string, { numbers, bools, texts, others }: Meanings): (a: Value, b: Value) => Value {
  return (a, b) => {
    if (numbers && isNumber(a) && isNumber(b)) return numbers(asNumber(a)!, asNumber(b)!);
    if (bools && typeof a === 'boolean' && typeof b === 'boolean') return bools(a, b);
    if (texts && typeof a === 'string' && typeof b === 'string') return texts(a, b);
    const [x, y] = numbers ? [asNumber(a), asNumber(b)] : [];
    if (numbers && x !== undefined && y !== undefined) return numbers(x, y);
    const [p, q] = bools ? [asBool(a), asBool(b)] : [];
    if (bools && p !== undefined && q !== undefined) return bools(p, q);
    if (others) return others(a, b);
    if (texts && !isNull(a) && !isNull(b)) return texts(asText(a), asText(b));
    throw new BloblangError(`invalid operation (${goTypeName(a)}) ${name} (${goTypeName(b)})`);
  };
}

function infix(name: string, precedence: number, meanings: Meanings): [string, Infix] {
  const operate = apply(name, meanings);
  return [name, { precedence, build: (left, right) => (scope) => operate(left(scope), right(scope)) }];
}

const arithmetic = (operate: (a: number, b: number) => number): Meanings => ({ numbers: (a, b) => new Float64(operate(a, b)) });
const bitwise = (operate: (a: bigint, b: bigint) => bigint): Meanings =>
  arithmetic((a, b) => Number(BigInt.asIntN(64, operate(toInt64(a), toInt64(b)))));
const order = (holds: (sign: number) => boolean): Meanings => ({
  numbers: (a, b) => holds(a - b),
  texts: (a, b) => holds(compareText(a, b)),
});

const toInt64 = (value: number): bigint => (Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n);

/** Shifting by more than all bits leaves none; so does shifting by a negative number, which counts as a very large one. */
const shift = (operate: (a: bigint, b: bigint) => bigint): Meanings => bitwise((a, b) => (b >= 0n && b < 64n ? operate(a, b) : 0n));

/** `decided` says whether the left side alone gives the result. */
function shortCircuit(name: string, precedence: number, decided: boolean, operate: (a: boolean, b: boolean) => boolean): [string, Infix] {
  const both = apply(name, { bools: operate });
  return [
    name,
    {
      precedence,
      build: (left, right) => (scope) => {
        const a = left(scope);
        return a === decided ? decided : both(a, right(scope));
      },
    },
  ];
}

function matching(name: string, isWanted: boolean): [string, Infix] {
  const build: Infix['build'] = (left, right) => (scope) => {
    const text = asText(left(scope));
    return (
      compilePattern(asText(right(scope)))
        .matcher(text)
        .find() === isWanted
    );
  };
  return [name, { precedence: 40, build }];
}

/** A bool equals nothing but itself here. */
const isSame = (a: Value, b: Value): boolean => (typeof a === 'boolean' || typeof b === 'boolean' ? a === b : equals(a, b));

function isElement(a: Value, b: Value): boolean {
  if (!isArray(b)) throw new BloblangError(`expected type []interface{} for in operator but got ${goTypeName(b)}`);
  return b.some((element) => isSame(a, element));
}

/** Infix operators by their names; a higher precedence binds tighter. */
export const INFIX: ReadonlyMap<string, Infix> = new Map<string, Infix>([
  [
    '??',
    {
      precedence: 0,
      build: (left, right) => (scope) => {
        const value = left(scope);
        return isZero(value) ? right(scope) : value;
      },
    },
  ],
  shortCircuit('||', 20, true, (a, b) => a || b),
  shortCircuit('&&', 21, false, (a, b) => a && b),
  infix('==', 40, { numbers: (a, b) => a === b, bools: (a, b) => a === b, others: isSame }),
  infix('!=', 40, { numbers: (a, b) => a !== b, bools: (a, b) => a !== b, others: (a, b) => !isSame(a, b) }),
  infix(
    '<',
    40,
    order((sign) => sign < 0),
  ),
  infix(
    '<=',
    40,
    order((sign) => sign <= 0),
  ),
  infix(
    '>',
    40,
    order((sign) => sign > 0),
  ),
  infix(
    '>=',
    40,
    order((sign) => sign >= 0),
  ),
  matching('=~', true),
  matching('!~', false),
  infix('in', 40, { others: isElement }),
  infix(
    '^',
    60,
    bitwise((a, b) => a ^ b),
  ),
  infix(
    '&',
    60,
    bitwise((a, b) => a & b),
  ),
  infix(
    '|',
    60,
    bitwise((a, b) => a | b),
  ),
  infix(
    '<<',
    90,
    shift((a, b) => a << b),
  ),
  infix(
    '>>',
    90,
    shift((a, b) => a >> b),
  ),
  infix('+', 120, { ...arithmetic((a, b) => a + b), texts: (a, b) => a + b }),
  infix(
    '-',
    120,
    arithmetic((a, b) => a - b),
  ),
  infix(
    '*',
    150,
    arithmetic((a, b) => a * b),
  ),
  infix(
    '/',
    150,
    arithmetic((a, b) => a / b),
  ),
  infix(
    '%',
    150,
    arithmetic((a, b) => a % b),
  ),
  infix(
    '**',
    200,
    arithmetic((a, b) => a ** b),
  ),
]);

const numberOperand = (value: Value): number => {
  const number = asNumber(value);
  if (number === undefined) throw new BloblangError(`unexpected ${goTypeName(value)} expected number`);
  return number;
};

/** Prefix operators; they take the next operand only. */
export const PREFIX: ReadonlyMap<string, (value: Value) => Value> = new Map<string, (value: Value) => Value>([
  ['-', (value) => new Float64(-numberOperand(value))],
  ['~', (value) => new Float64(Number(~toInt64(numberOperand(value))))],
  [
    '!',
    (value) => {
      const bool = asBool(value);
      if (bool === undefined) throw new BloblangError(`unexpected ${goTypeName(value)} expected bool`);
      return !bool;
    },
  ],
]);
