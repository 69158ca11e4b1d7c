import type { MethodDefinition } from '@sluice/bloblang';
import { reFindAll, reFindAllObject, reFindAllSubmatch, reFindObject, reMatch } from './find.ts';
import { reReplace, reReplaceAll } from './replace.ts';

export const regexpMethods: readonly MethodDefinition[] = [
  ...[reFindAll, reFindAllObject, reFindAllSubmatch, reFindObject, reMatch],
  ...[reReplace, reReplaceAll],
];
