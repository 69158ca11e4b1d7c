import type { MethodDefinition } from '@sluice/bloblang';
import { bitwiseAnd, bitwiseOr, bitwiseXor } from './bitwise.ts';
import { max, min } from './extremes.ts';
import { abs, cos, log, log10, pow, sin, tan } from './functions.ts';
import { ceil, floor, round } from './rounding.ts';
import { widthMethods } from './width.ts';

export const numberMethods: readonly MethodDefinition[] = [
  ...[abs, cos, log, log10, pow, sin, tan],
  ...[ceil, floor, round],
  ...[bitwiseAnd, bitwiseOr, bitwiseXor],
  ...[max, min],
  ...widthMethods,
];
