import { type JsonSchema, jsonSchemas } from '@sluice/config';

const schemas = jsonSchemas();

export const benthosSchema = schemas.benthos;
export const sluiceSchema = schemas.sluice;

/** The schema of a module's document, by its `kind`. */
export const moduleSchema = (kind: unknown): JsonSchema =>
  schemas.module.anyOf?.[0]?.oneOf?.find(({ properties }) => properties?.['kind']?.const === kind) ?? {};

/** What a reference stands for, under its own description. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const target = schema.$ref === undefined ? undefined : root.$defs?.[schema.$ref.replace('#/$defs/', '')];
  return target ? { ...target, ...(schema.description !== undefined && { description: schema.description }) } : schema;
}
