/** Values of a Benthos file in the words of `sluice:`, each at the place that it came from. */
import { type ConfigNode, MapNode, ScalarNode } from '../yaml/node.ts';

/** The scalar at a path below a node. */
export function scalarAt(root: ConfigNode | undefined, ...path: readonly string[]): ScalarNode | undefined {
  const node = path.reduce<ConfigNode | undefined>((below, name) => (below instanceof MapNode ? below.get(name) : undefined), root);
  return node instanceof ScalarNode ? node : undefined;
}

/** The same place, in our words. */
export const retold = (node: ScalarNode, text: string, style: 'plain' | 'quoted' = 'quoted'): ScalarNode =>
  new ScalarNode(node.origin, node.offset, text, style);

/** A map of those fields that are there, or none. */
export function mapOf({ origin, offset }: MapNode, fields: Readonly<Record<string, ConfigNode | undefined>>): MapNode | undefined {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    value ? [{ key: new ScalarNode(origin, value.offset, name, 'quoted'), value }] : [],
  );
  return entries.length > 0 ? new MapNode(origin, offset, entries) : undefined;
}
