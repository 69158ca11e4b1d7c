import type { MethodDefinition } from '@sluice/bloblang';
import { append, concat, enumerated, flatten, join, zip } from './arrays.ts';
import { contains } from './contains.ts';
import { index, length, slice } from './elements.ts';
import { exists, explode, get, keys, keyValues, values, withMethod, without } from './fields.ts';
import { find, findAll, findAllBy, findBy } from './find.ts';
import { filter, fold, mapEach, mapEachKey } from './iterate.ts';
import { assign, collapse, merge, squash } from './merge.ts';
import { all, any } from './quantifiers.ts';
import { sort, sortBy } from './sort.ts';
import { sum, unique } from './totals.ts';

export const structuredMethods: readonly MethodDefinition[] = [
  ...[all, any, find, findAll, findAllBy, findBy, contains],
  ...[append, concat, enumerated, flatten, join, zip, index, length, slice],
  ...[exists, explode, get, keys, keyValues, values, withMethod, without],
  ...[filter, fold, mapEach, mapEachKey],
  ...[assign, collapse, merge, squash],
  ...[sort, sortBy, sum, unique],
];
