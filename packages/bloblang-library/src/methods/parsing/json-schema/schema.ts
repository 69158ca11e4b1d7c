import type { Pattern } from '../../regexp/pattern.ts';
import type { Decimal } from './decimal.ts';

export const TYPES = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string'] as const;
export type SchemaType = (typeof TYPES)[number];

/** A schema that has been checked. What a document does not say is undefined or empty. */
export interface Schema {
  /** Set for the schemas `true` and `false`. */
  verdict?: boolean;
  /** Set where the schema is nothing but a reference; looked up late since schemas may refer to themselves. */
  target?: () => Schema;
  types: readonly SchemaType[];
  constant?: string;
  enumeration?: readonly string[];

  multipleOf?: Decimal;
  minimum?: Decimal;
  maximum?: Decimal;
  exclusiveMinimum?: Decimal;
  exclusiveMaximum?: Decimal;

  minLength?: number;
  maxLength?: number;
  pattern?: { readonly source: string; readonly compiled: Pattern };
  format?: string;

  items?: Schema | readonly Schema[];
  additionalItems?: Schema | false;
  minItems?: number;
  maxItems?: number;
  hasUniqueItems?: boolean;
  contains?: Schema;

  properties: ReadonlyMap<string, Schema>;
  patternProperties: readonly { readonly compiled: Pattern; readonly schema: Schema }[];
  additionalProperties?: Schema | false;
  propertyNames?: Schema;
  required: readonly string[];
  minProperties?: number;
  maxProperties?: number;
  dependencies: ReadonlyMap<string, Schema | readonly string[]>;

  anyOf: readonly Schema[];
  oneOf: readonly Schema[];
  allOf: readonly Schema[];
  not?: Schema;
  condition?: { readonly when: Schema; readonly onMatch: Schema | undefined; readonly onMismatch: Schema | undefined };
}
