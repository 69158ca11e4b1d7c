import type { ProblemLog } from '../problem/problem.ts';
import { type ConfigNode, describeNode, ListNode, type MapEntry, MapNode } from '../yaml/node.ts';
import type { ConfigDocument } from './read-documents.ts';

const RESOURCES: ReadonlySet<string> = new Set([
  'input_resources',
  'output_resources',
  'processor_resources',
  'cache_resources',
  'rate_limit_resources',
  'scanner_resources',
]);

/**
 * `documents` with the resources of other files (`-r`) in the first Benthos document, behind its own. Such a file may hold nothing
 * else; its `tests` are left alone.
 */
export function addResources(documents: readonly ConfigDocument[], others: readonly ConfigDocument[], log: ProblemLog): ConfigDocument[] {
  const at = documents.findIndex(({ kind }) => kind === 'benthos');
  const entries = others.flatMap((document) => resourcesOf(document, log));
  const main = documents[at];
  if (!main || !(main.root instanceof MapNode) || entries.length === 0) return [...documents];
  return documents.toSpliced(at, 1, { ...main, root: entries.reduce(withMore, main.root) });
}

function resourcesOf({ kind, root }: ConfigDocument, log: ProblemLog): MapEntry[] {
  if (kind !== 'benthos' || !(root instanceof MapNode)) {
    log.error('document.unknown', root.position, 'expected a file of resources (`output_resources`, `processor_resources`, …)');
    return [];
  }
  return root.entries.filter(({ key, value }) => {
    if (key.text === 'tests') return false;
    if (!RESOURCES.has(key.text)) {
      log.lint(
        'field.unknown',
        key.position,
        `unknown field \`${key.text}\` in a file of resources; there are ${[...RESOURCES].join(', ')}`,
      );
      return false;
    }
    if (!(value instanceof ListNode))
      log.error('field.type', value.position, `\`${key.text}\`: expected a list, got ${describeNode(value)}`);
    return value instanceof ListNode;
  });
}

function withMore(root: MapNode, { key, value }: MapEntry): MapNode {
  const more = value as ListNode;
  const own = root.get(key.text);
  const list = own instanceof ListNode ? new ListNode(own.origin, own.offset, [...own.items, ...more.items]) : more;
  // What is no list of its own stays, to be reported.
  const joined: ConfigNode = own === undefined || own instanceof ListNode ? list : own;
  return new MapNode(root.origin, root.offset, [...root.entries.filter((entry) => entry.key.text !== key.text), { key, value: joined }]);
}
