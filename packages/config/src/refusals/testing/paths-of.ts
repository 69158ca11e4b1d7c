import { type AnySchema, shapeOf, unwrap } from '../../schema/schema-tree.ts';

/** Every path that a value can be given at, with `*` for names of the user's. */
export function pathsOf(schema: AnySchema, path: readonly string[] = []): string[] {
  const shape = shapeOf(unwrap(schema).core);
  if (shape.kind === 'object') return Object.entries(shape.fields).flatMap(([name, field]) => pathsOf(field, [...path, name]));
  return shape.kind === 'record' ? pathsOf(shape.value, [...path, '*']) : [path.join('.')];
}
