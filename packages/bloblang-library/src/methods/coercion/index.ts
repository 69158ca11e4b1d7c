import type { MethodDefinition } from '@sluice/bloblang';
import { bool, bytes, number, string, timestamp } from './scalars.ts';
import { array, notEmpty, notNull, type } from './shape.ts';

export const coercionMethods: readonly MethodDefinition[] = [array, bool, bytes, notEmpty, notNull, number, string, timestamp, type];
