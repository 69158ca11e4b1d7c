import { resolveGoScalar } from './go-scalar.ts';
import type { ConfigNode } from './node.ts';

/** What a node says, as JSON could: the last of equal keys counts. */
export function plainValue(node: ConfigNode): unknown {
  if (node.kind === 'list') return node.items.map(plainValue);
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plainValue(value)]));
  const scalar = resolveGoScalar(node);
  return scalar.type === 'null' ? null : scalar.value;
}
