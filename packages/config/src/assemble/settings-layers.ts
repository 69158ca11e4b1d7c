import { applyOverride, type Override } from '../benthos/overrides.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { mergeNodes } from '../settings/merge.ts';
import { describeNode, isNullText, MapNode, ScalarNode } from '../yaml/node.ts';
import type { ConfigDocument } from './read-documents.ts';

export interface SettingsLayers {
  /** What Benthos files imply. */
  readonly base: MapNode | undefined;
  readonly documents: readonly ConfigDocument[];
  readonly fromEnv: MapNode | undefined;
  readonly overrides: readonly Override[];
}

/** Flags over the environment over files, the later over the earlier. */
export function settingsOf({ base, documents, fromEnv, overrides }: SettingsLayers, log: ProblemLog): MapNode {
  let merged = base;
  for (const { kind, root } of documents) {
    const node = kind === 'sluice' && root instanceof MapNode ? settingsIn(root, log) : undefined;
    if (node) merged = mergeNodes(merged, node) as MapNode;
  }
  if (fromEnv) merged = mergeNodes(merged, fromEnv) as MapNode;
  for (const override of overrides) {
    const changed = applyOverride(merged ?? emptyMap(override), { ...override, path: override.path.slice(1) }, log);
    if (changed instanceof MapNode) merged = changed;
    else
      log.error(
        'override.invalid',
        override.key.position,
        '`sluice` takes an object; name one of its fields, for example `sluice.lanes=8`',
      );
  }
  return merged ?? new MapNode({ text: '', locate: () => ({ file: 'default', line: 1, column: 1 }), variableAt: () => undefined }, 0, []);
}

function settingsIn(root: MapNode, log: ProblemLog): MapNode | undefined {
  for (const { key } of root.entries) {
    if (key.text !== 'sluice')
      log.lint('field.unknown', key.position, `unknown field \`${key.text}\` beside \`sluice\`: put other documents below a line \`---\``);
  }
  const node = root.get('sluice');
  if (node instanceof MapNode) return node;
  if (node && !(node instanceof ScalarNode && isNullText(node)))
    log.error('field.type', node.position, `\`sluice\`: expected an object, got ${describeNode(node)}`);
  return undefined;
}

const emptyMap = ({ key }: Override): MapNode => new MapNode(key.origin, key.offset, []);
