import type { MethodDefinition } from '@sluice/bloblang';
import { diff } from './changelog/diff.ts';
import { patch } from './changelog/patch.ts';
import { compareArgon2, compareBcrypt } from './compare-secret.ts';
import { stripHtml } from './html/strip-html.ts';
import { jsonPath } from './json-path/json-path.ts';
import { jwtMethods } from './jwt/methods.ts';
import { formatMsgpackMethod, parseMsgpack } from './msgpack/methods.ts';
import { slug } from './slug.ts';
import { unicodeSegments } from './unicode-segments.ts';
import { formatXmlMethod, parseXmlMethod } from './xml/methods.ts';

/** Methods that the original offers in its larger distribution only. */
export const extendedMethods: readonly MethodDefinition[] = [
  compareArgon2,
  compareBcrypt,
  diff,
  patch,
  jsonPath,
  ...jwtMethods,
  formatMsgpackMethod,
  parseMsgpack,
  formatXmlMethod,
  parseXmlMethod,
  slug,
  stripHtml,
  unicodeSegments,
];
