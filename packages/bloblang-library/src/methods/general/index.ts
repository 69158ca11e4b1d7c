import type { MethodDefinition } from '@sluice/bloblang';
import { apply } from './apply.ts';
import { catchMethod } from './catch.ts';
import { map } from './map.ts';
import { not } from './not.ts';
import { or } from './or.ts';
import { from, fromAll } from './perspective.ts';

export const generalMethods: readonly MethodDefinition[] = [apply, catchMethod, from, fromAll, map, not, or];
