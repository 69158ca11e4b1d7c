import { didYouMean } from '../schema/suggest.ts';
import { type ConfigNode, ListNode, MapNode } from '../yaml/node.ts';
import { list } from './component.ts';

export type ResourceKind = 'cache' | 'rate_limit';

const KINDS: readonly ResourceKind[] = ['cache', 'rate_limit'];
const NAMES: Readonly<Record<ResourceKind, string>> = { cache: 'cache', rate_limit: 'rate limit' };

/** The labels of caches and rate limits of a document, whatever else may be wrong with these. */
export class ResourceLabels {
  readonly #labels: Readonly<Record<string, ReadonlySet<string>>>;

  constructor(root: ConfigNode) {
    this.#labels = Object.fromEntries(KINDS.map((kind) => [kind, root instanceof MapNode ? labelsIn(root, kind) : new Set()]));
  }

  has(kind: ResourceKind, label: string): boolean {
    return this.#labels[kind]!.has(label);
  }

  /** Says that there is no such resource, and which there are. */
  missing(kind: ResourceKind, label: string): string {
    const labels = [...this.#labels[kind]!];
    return `no ${NAMES[kind]} resource is labelled \`${label}\`${didYouMean(label, labels)}; there ${labels.length ? `are ${list(labels)}` : 'is none'}`;
  }
}

function labelsIn(root: MapNode, kind: ResourceKind): Set<string> {
  const node = root.get(`${kind}_resources`);
  const labels = node instanceof ListNode ? node.items.map((item) => (item instanceof MapNode ? item.get('label') : undefined)) : [];
  return new Set(labels.flatMap((label) => (label?.kind === 'scalar' && label.text !== '' ? label.text : [])));
}
