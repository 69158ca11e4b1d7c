import type { MethodDefinition } from '@sluice/bloblang';
import { parseCsv } from './csv.ts';
import { inferSchema } from './infer-schema.ts';
import { formatJson, parseJson } from './json.ts';
import { jsonSchema } from './json-schema.ts';
import { parseLogfmt } from './logfmt.ts';
import { parseFormUrlEncoded, parseUrl } from './url.ts';
import { formatYaml, parseYaml } from './yaml.ts';

/** Texts to values and back. */
export const parsingMethods: readonly MethodDefinition[] = [
  ...[parseCsv, parseFormUrlEncoded, parseJson, parseLogfmt, parseUrl, parseYaml],
  ...[formatJson, formatYaml, inferSchema, jsonSchema],
];
