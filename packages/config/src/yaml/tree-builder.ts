import { isAlias, isMap, isScalar, isSeq, type ParsedNode, Scalar } from 'yaml';
import type { ProblemLog } from '../problem/problem.ts';
import type { SourceText } from '../source/source-file.ts';
import { MAX_DEPTH } from './compose-text.ts';
import { type ConfigNode, ListNode, type MapEntry, MapNode, ScalarNode, type ScalarStyle } from './node.ts';

/** Nodes of a document once its aliases are followed. */
const MAX_EXPANDED_NODES = 200_000;

export interface YamlDialect {
  /** Whether `*name` stands for the node anchored as `&name`. Stateful Functions' parser reads the text `name` instead. */
  readonly resolvesAliases: boolean;
  /** Whether `<<: *name` merges, as in YAML 1.1. Benthos' parser ignores it. @default false */
  readonly merges?: boolean;
}

/** What a node becomes when every alias below it is followed. */
interface Extent {
  readonly nodes: number;
  readonly depth: number;
}

/** Turns the parser's nodes into ours; an alias becomes the very node it names, so shared parts stay shared. */
export class TreeBuilder {
  readonly #source: SourceText;
  readonly #dialect: YamlDialect;
  readonly #log: ProblemLog;
  readonly #anchors = new Map<string, ConfigNode>();
  readonly #extents = new Map<ConfigNode, Extent>();
  #isExcessive = false;

  constructor(source: SourceText, dialect: YamlDialect, log: ProblemLog) {
    this.#source = source;
    this.#dialect = dialect;
    this.#log = log;
  }

  build(root: ParsedNode): ConfigNode | undefined {
    const node = this.#node(root);
    return this.#isExcessive ? undefined : node;
  }

  #node(parsed: ParsedNode | null, fallbackOffset = 0): ConfigNode {
    if (isAlias(parsed)) return this.#alias(parsed.source, parsed.range[0]);
    const node = this.#content(parsed, fallbackOffset);
    const anchor = isScalar(parsed) || isMap(parsed) || isSeq(parsed) ? parsed.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    this.#measure(node);
    return node;
  }

  #content(parsed: ParsedNode | null, fallbackOffset: number): ConfigNode {
    const offset = offsetOf(parsed, this.#source) ?? fallbackOffset;
    if (isSeq(parsed))
      return new ListNode(
        this.#source,
        offset,
        (parsed.items as ParsedNode[]).map((item) => this.#node(item, offset)),
      );
    if (isMap(parsed))
      return new MapNode(
        this.#source,
        offset,
        this.#entries(parsed.items as Array<{ key: ParsedNode | null; value: ParsedNode | null }>, offset),
      );
    if (isScalar(parsed)) return new ScalarNode(this.#source, offset, String(parsed.value ?? ''), styleOf(parsed), parsed.tag);
    return new ScalarNode(this.#source, offset, '', 'plain');
  }

  #entries(pairs: ReadonlyArray<{ key: ParsedNode | null; value: ParsedNode | null }>, offset: number): MapEntry[] {
    const entries: MapEntry[] = [];
    const merged: MapEntry[] = [];
    for (const pair of pairs) {
      const key = this.#node(pair.key, offset);
      const value = this.#node(pair.value, key.offset);
      if (key.kind !== 'scalar') this.#log.error('yaml.syntax', key.position, 'a key must be a text, not a list or an object');
      else if (key.text === '<<' && key.style === 'plain' && this.#dialect.merges) merged.push(...this.#merge(value));
      else if (key.text === '<<' && isAlias(pair.value) && this.#dialect.resolvesAliases)
        this.#log.warn('yaml.alias', key.position, '`<<` is ignored, as Benthos does: write the fields out');
      else entries.push({ key, value });
    }
    const own = new Set(entries.map(({ key }) => key.text));
    for (const entry of merged) {
      if (own.has(entry.key.text)) continue;
      own.add(entry.key.text);
      entries.push(entry);
    }
    return entries;
  }

  #merge(value: ConfigNode): readonly MapEntry[] {
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'list' && value.items.every((item) => item.kind === 'map')) return value.items.flatMap((item) => item.entries);
    this.#log.error('yaml.alias', value.position, '`<<` takes an object, or a list of objects');
    return [];
  }

  #alias(name: string, offset: number): ConfigNode {
    const position = this.#source.locate(offset);
    if (!this.#dialect.resolvesAliases) {
      this.#log.tolerate(
        'yaml.alias',
        position,
        `a module.yaml has no aliases: \`*${name}\` is read as the text "${name}"; write the value out`,
      );
      return new ScalarNode(this.#source, offset, name, 'quoted');
    }
    const node = this.#anchors.get(name);
    if (node) return node;
    this.#log.error('yaml.alias', position, `unknown anchor \`${name}\`; an anchor \`&${name}\` must stand before it, and not around it`);
    return new ScalarNode(this.#source, offset, '', 'plain');
  }

  #measure(node: ConfigNode): void {
    const children = node.kind === 'list' ? node.items : node.kind === 'map' ? node.entries.map(({ value }) => value) : [];
    let nodes = 1;
    let depth = 1;
    for (const child of children) {
      const extent = this.#extents.get(child) ?? { nodes: 1, depth: 1 };
      nodes += extent.nodes;
      depth = Math.max(depth, extent.depth + 1);
    }
    this.#extents.set(node, { nodes, depth });
    if (this.#isExcessive || (depth <= MAX_DEPTH && (nodes <= MAX_EXPANDED_NODES || this.#anchors.size === 0))) return;
    this.#isExcessive = true;
    this.#log.error('yaml.alias', node.position, `its aliases expand to more than ${MAX_EXPANDED_NODES} values or ${MAX_DEPTH} levels`);
  }
}

/** That of its anchor, where a list or an object has one. */
function offsetOf(parsed: ParsedNode | null, { text }: SourceText): number | undefined {
  if (!parsed) return undefined;
  const [start] = parsed.range;
  const at = (isMap(parsed) || isSeq(parsed)) && parsed.anchor !== undefined ? text.lastIndexOf(`&${parsed.anchor}`, start) : -1;
  return at < 0 ? start : at;
}

const styleOf = ({ type }: Scalar): ScalarStyle => {
  if (type === Scalar.PLAIN || type === undefined) return 'plain';
  return type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED ? 'block' : 'quoted';
};
