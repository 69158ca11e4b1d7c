import type { MethodDefinition } from '../../registry/define-method.ts';
import { reMatch } from './match.ts';

export const regexpMethods: readonly MethodDefinition[] = [reMatch];
