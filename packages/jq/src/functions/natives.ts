import { collections } from './collections.ts';
import { mathematics } from './mathematics.ts';
import type { Native } from './native.ts';
import { ordering } from './ordering.ts';
import { regularExpressions } from './regular-expressions.ts';
import { texts } from './texts.ts';
import { times } from './times.ts';

export const natives: ReadonlyMap<string, Native> = new Map(
  [collections, mathematics, ordering, regularExpressions, texts, times].flatMap((each) => Object.entries(each)),
);
