import { coreFunctions } from '../functions/index.ts';
import { coercionMethods } from '../methods/coercion/index.ts';
import { generalMethods } from '../methods/general/index.ts';
import { numberMethods } from '../methods/number/index.ts';
import { regexpMethods } from '../methods/regexp/index.ts';
import { stringMethods } from '../methods/string/index.ts';
import { structuredMethods } from '../methods/structured/index.ts';
import { Environment } from './environment.ts';

/** Every function and method there is. */
export const defaultEnvironment: Environment = Environment.of(coreFunctions, [
  ...coercionMethods,
  ...generalMethods,
  ...numberMethods,
  ...regexpMethods,
  ...stringMethods,
  ...structuredMethods,
]);
