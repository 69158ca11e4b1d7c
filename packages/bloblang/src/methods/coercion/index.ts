import type { MethodDefinition } from '../../registry/define-method.ts';
import { bool, bytes, number, string, timestamp } from './scalars.ts';
import { array, notEmpty, notNull, type } from './shape.ts';

export const coercionMethods: readonly MethodDefinition[] = [array, bool, bytes, notEmpty, notNull, number, string, timestamp, type];
