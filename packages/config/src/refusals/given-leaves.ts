import type { SourcePosition } from '../model/position.ts';
import { type AnySchema, shapeOf, unwrap } from '../schema/schema-tree.ts';
import { type ConfigNode, MapNode } from '../yaml/node.ts';

/** A setting that has a value. */
export interface GivenLeaf {
  readonly path: string;
  /** The path with `*` for names of the user's. */
  readonly pattern: string;
  /** Its value, where that is a scalar. */
  readonly text: string | undefined;
  readonly position: SourcePosition;
}

interface Place {
  readonly path: readonly string[];
  readonly pattern: readonly string[];
  readonly position: SourcePosition;
}

/** What stands in `node`, leaf by leaf. What no schema knows is reported by the loader, and left out. */
export const givenLeaves = (schema: AnySchema, node: ConfigNode): GivenLeaf[] =>
  leavesBelow(schema, node, { path: [], pattern: [], position: node.position });

function leavesBelow(schema: AnySchema, node: ConfigNode, { path, pattern, position }: Place): GivenLeaf[] {
  const shape = shapeOf(unwrap(schema).core);
  if (!(node instanceof MapNode) || (shape.kind !== 'object' && shape.kind !== 'record'))
    return [{ path: path.join('.'), pattern: pattern.join('.'), text: node.kind === 'scalar' ? node.text : undefined, position }];
  return node.entries.flatMap(({ key, value }) => {
    const name = key.text;
    const below = (part: string) => ({ path: [...path, name], pattern: [...pattern, part], position: key.position });
    if (shape.kind === 'record') return leavesBelow(shape.value, value, below('*'));
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    return field ? leavesBelow(field, value, below(name)) : [];
  });
}
