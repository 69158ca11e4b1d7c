import type { MethodDefinition } from '../../registry/define-method.ts';
import { ceil } from './ceil.ts';

export const numberMethods: readonly MethodDefinition[] = [ceil];
