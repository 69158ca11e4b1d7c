import type { FunctionDefinition } from '../registry/define-function.ts';
import { deleted, nothing } from './sentinels.ts';

export const coreFunctions: readonly FunctionDefinition[] = [deleted, nothing];
