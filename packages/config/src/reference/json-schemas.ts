/** The schemas as JSON Schema (draft 2020-12), for editors. */
import { z } from 'zod';
import { benthosSchema, componentSchemas } from '../benthos/schema/root.ts';
import { sluiceSchema } from '../settings/schema.ts';
import { moduleSchema } from '../statefun/schema.ts';
import type { JsonSchema } from './json-schema.ts';

/** By the name of the file that holds it, without `.schema.json`. */
export const jsonSchemas = (): Record<'benthos' | 'module' | 'sluice', JsonSchema> => ({
  benthos: {
    ...toJsonSchema(benthosSchema),
    $defs: Object.fromEntries(Object.entries(componentSchemas).map(([name, schema]) => [name, definitionOf(schema)])),
  },
  module: toJsonSchema(moduleSchema),
  sluice: toJsonSchema(sluiceSchema),
});

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      delete (jsonSchema as Record<string, unknown>)['withoutEffect'];
      const { component, isList } = (z.globalRegistry.get(zodSchema) ?? {}) as { component?: string; isList?: boolean };
      if (component === undefined) return;
      const { description } = jsonSchema;
      const reference = { $ref: `#/$defs/${component}` };
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key];
      Object.assign(jsonSchema, isList ? { type: 'array', items: reference } : reference, description !== undefined && { description });
    },
  }) as JsonSchema;
}

function definitionOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...definition } = toJsonSchema(schema);
  return definition;
}
