import { jsonSchemas, referencePages } from '@sluice/config';

/** The content of every generated file, by its path from the root of the repository. */
export function generatedFiles(): Record<string, string> {
  const schemas = jsonSchemas();
  return {
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [`schema/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`]),
    ),
    ...Object.fromEntries(Object.entries(referencePages(schemas)).map(([name, content]) => [`docs/configuration/${name}`, content])),
  };
}
