import type { MethodDefinition } from '../../registry/define-method.ts';
import { lowercase, uppercase } from './case.ts';

export const stringMethods: readonly MethodDefinition[] = [lowercase, uppercase];
