import { Environment } from '@sluice/bloblang';
import { extendedFunctions } from './functions/extended/index.ts';
import { coreFunctions } from './functions/index.ts';
import { coercionMethods } from './methods/coercion/index.ts';
import { bloblangMethod } from './methods/dynamic/bloblang.ts';
import { encodingMethods } from './methods/encoding/index.ts';
import { extendedMethods } from './methods/extended/index.ts';
import { generalMethods } from './methods/general/index.ts';
import { numberMethods } from './methods/number/index.ts';
import { parsingMethods } from './methods/parsing/index.ts';
import { regexpMethods } from './methods/regexp/index.ts';
import { stringMethods } from './methods/string/index.ts';
import { structuredMethods } from './methods/structured/index.ts';
import { timestampMethods } from './methods/timestamp/index.ts';
import { NOT_OFFERED } from './not-offered.ts';

const library = Environment.of(
  [...coreFunctions, ...extendedFunctions],
  [
    ...coercionMethods,
    ...encodingMethods,
    ...extendedMethods,
    ...generalMethods,
    ...numberMethods,
    ...parsingMethods,
    ...regexpMethods,
    ...stringMethods,
    ...structuredMethods,
    ...timestampMethods,
  ],
  NOT_OFFERED,
);

/** What a mapping may call that comes with the data: nothing that reaches outside the value it runs on. */
const forDynamicMappings = library
  .onlyPure()
  .without(...coreFunctions.filter(({ category }) => category === 'Message Info').map(({ name }) => name));

/** Every function and method there is. */
export const defaultEnvironment: Environment = library.with([], [bloblangMethod(forDynamicMappings)]);
