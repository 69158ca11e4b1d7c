import { BloblangError, encodeJson, parseJson, type Value } from '@sluice/values';
import { compileSchema } from './compile-schema.ts';
import { type Violation, validate } from './validate.ts';

/** Throws `BloblangError`, with a line for each thing that is wrong, unless a document is as the schema wants it. */
export type JsonSchemaCheck = (document: Value) => void;

/** @throws {BloblangError} the text is no schema, or refers to a place outside of it */
export function compileJsonSchema(text: string): JsonSchemaCheck {
  const schema = compile(text);
  return (document) => {
    const violations = validate(schema, parseJson(encodeJson(document)));
    if (violations.length > 0) throw new BloblangError(violations.map(describe).join('\n'));
  };
}

function compile(text: string): ReturnType<typeof compileSchema> {
  try {
    return compileSchema(text);
  } catch (error) {
    throw error instanceof BloblangError ? new BloblangError(`failed to parse json schema definition: ${error.message}`) : error;
  }
}

/** In small letters, but for the name that it may begin with. */
function describe({ field, description, property }: Violation): string {
  const text = description.toLowerCase();
  if (property === undefined) return `${field} ${text}`;
  const rest = text.startsWith(property.toLowerCase()) ? text.slice(property.length) : text;
  return `${field} ${property}${rest}`;
}
