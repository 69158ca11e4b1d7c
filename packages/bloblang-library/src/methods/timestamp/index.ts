import type { MethodDefinition } from '@sluice/bloblang';
import * as arithmetic from './arithmetic.ts';
import * as duration from './duration.ts';
import * as format from './format.ts';
import * as parse from './parse.ts';
import { unix } from './unix.ts';
import { tsTz } from './zone.ts';

/** What works on timestamps, and the deprecated forms of it. */
export const timestampMethods: readonly MethodDefinition[] = [arithmetic, duration, format, parse]
  .flatMap((members): MethodDefinition[] => Object.values(members))
  .concat(unix, tsTz);
