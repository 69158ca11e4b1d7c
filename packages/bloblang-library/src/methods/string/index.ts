import type { MethodDefinition } from '@sluice/bloblang';
import { capitalize, lowercase, uppercase } from './case.ts';
import { filepathJoin, filepathSplit } from './filepath.ts';
import { format } from './format.ts';
import { escapeHtml, unescapeHtml } from './html-escape.ts';
import { hasPrefix, hasSuffix, indexOf, repeat, reverse, split } from './parts.ts';
import { quote, unquote } from './quoting.ts';
import { replace, replaceAll, replaceAllMany, replaceMany } from './replace.ts';
import { trim, trimPrefix, trimSuffix } from './trim.ts';
import { escapeUrlPath, escapeUrlQuery, unescapeUrlPath, unescapeUrlQuery } from './url-escape.ts';

export const stringMethods: readonly MethodDefinition[] = [
  ...[capitalize, lowercase, uppercase],
  ...[filepathJoin, filepathSplit, format],
  ...[escapeHtml, unescapeHtml, escapeUrlPath, escapeUrlQuery, unescapeUrlPath, unescapeUrlQuery],
  ...[hasPrefix, hasSuffix, indexOf, repeat, reverse, split],
  ...[quote, unquote],
  ...[replace, replaceAll, replaceAllMany, replaceMany],
  ...[trim, trimPrefix, trimSuffix],
];
