import type { MethodDefinition } from '../../registry/define-method.ts';
import { catchMethod } from './catch.ts';
import { not } from './not.ts';

export const generalMethods: readonly MethodDefinition[] = [catchMethod, not];
