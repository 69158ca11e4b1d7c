import { type ConfigNode, type MapEntry, MapNode } from '../yaml/node.ts';

/** `base` with `over` laid on it: objects field by field, anything else replaced. Each value keeps the place it came from. */
export function mergeNodes(base: ConfigNode | undefined, over: ConfigNode): ConfigNode {
  if (!(base instanceof MapNode) || !(over instanceof MapNode)) return over;
  const entries = new Map<string, MapEntry>();
  for (const entry of [...base.entries, ...over.entries]) {
    const before = entries.get(entry.key.text);
    const isOver = over.entries.includes(entry);
    entries.set(entry.key.text, before && isOver ? { key: entry.key, value: mergeNodes(before.value, entry.value) } : entry);
  }
  return new MapNode(over.origin, over.offset, [...entries.values()]);
}
