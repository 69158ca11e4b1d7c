import { jsonSchemas } from '@sluice/config';

/** What of JSON Schema our schemas use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schemas = jsonSchemas() as Readonly<Record<'benthos' | 'module' | 'sluice', Schema>>;

export const benthosSchema = schemas.benthos;
export const sluiceSchema = schemas.sluice;

/** The schema of a module's document, by its `kind`. */
export const moduleSchema = (kind: unknown): Schema =>
  schemas.module.anyOf?.[0]?.oneOf?.find(({ properties }) => properties?.['kind']?.const === kind) ?? {};

/** What a reference stands for, under its own description. */
export function resolve(schema: Schema, root: Schema): Schema {
  const target = schema.$ref === undefined ? undefined : root.$defs?.[schema.$ref.replace('#/$defs/', '')];
  return target ? { ...target, ...(schema.description !== undefined && { description: schema.description }) } : schema;
}

/** The variants of a field that may have several forms. */
export const variantsOf = ({ oneOf, anyOf }: Schema): readonly Schema[] => oneOf ?? anyOf ?? [];
