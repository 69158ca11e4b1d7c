import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  Scalar,
  type YAMLParseError,
} from 'yaml';
import type { ProblemLog } from '../problem/problem.ts';
import type { SourceText } from '../source/source-file.ts';
import { type ConfigNode, isNullText, ListNode, type MapEntry, MapNode, ScalarNode, type ScalarStyle } from './node.ts';

/** Deeper than any configuration; keeps every recursive step behind the parser far from the end of the stack. */
const MAX_DEPTH = 200;
/** Nodes of a document once its aliases are followed. */
const MAX_EXPANDED_NODES = 200_000;

export interface YamlDialect {
  /** Whether `*name` stands for the node anchored as `&name`. Stateful Functions' parser reads the text `name` instead. */
  readonly resolvesAliases: boolean;
}

/** A document after the work that is the same for both dialects. */
export interface ComposedText {
  readonly source: SourceText;
  readonly contents: ParsedNode | null | undefined;
  readonly fault: { readonly code: 'yaml.nesting' | 'yaml.syntax'; readonly offset: number; readonly message: string } | undefined;
}

/** Parses the one YAML document in `source`. */
export function composeText(source: SourceText): ComposedText {
  const tokens = [...new Parser().parse(source.text)];
  const tooDeep = offsetOfExcessDepth(tokens);
  if (tooDeep !== undefined) {
    const message = `is nested more than ${MAX_DEPTH} levels deep`;
    return { source, contents: undefined, fault: { code: 'yaml.nesting', offset: tooDeep, message } };
  }
  const document = compose(tokens);
  const [error] = document?.errors ?? [];
  const fault = error && ({ code: 'yaml.syntax', offset: error.pos[0], message: `invalid YAML: ${wordingOf(error)}` } as const);
  return { source, contents: fault ? undefined : document?.contents, fault };
}

/** The root of the document as `dialect` has it. `undefined` after a problem, or for a document without content. */
export function buildTree({ source, contents, fault }: ComposedText, dialect: YamlDialect, log: ProblemLog): ConfigNode | undefined {
  if (fault) log.error(fault.code, source.locate(fault.offset), fault.message);
  return contents ? new TreeBuilder(source, dialect, log).build(contents) : undefined;
}

export const parseDocument = (source: SourceText, dialect: YamlDialect, log: ProblemLog): ConfigNode | undefined =>
  buildTree(composeText(source), dialect, log);

/** Scalars stay text here (`failsafe`), because the two dialects read them differently. */
function compose(tokens: readonly CST.Token[]): Document.Parsed<ParsedNode, true> | undefined {
  const composer = new Composer<ParsedNode>({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    merge: false,
  });
  const [document] = composer.compose(tokens);
  return document;
}

const wordingOf = ({ message }: YAMLParseError): string => message.charAt(0).toLowerCase() + message.slice(1);

/** Offset of the first node below {@link MAX_DEPTH}. Walks with a stack of its own: the text decides how deep it goes. */
function offsetOfExcessDepth(tokens: readonly CST.Token[]): number | undefined {
  const stack: Array<{ token: CST.Token; depth: number }> = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document') {
      if (token.value) stack.push({ token: token.value, depth: depth + 1 });
    } else if (token.type === 'block-map' || token.type === 'block-seq' || token.type === 'flow-collection') {
      for (const { key, value } of token.items) {
        if (key) stack.push({ token: key, depth: depth + 1 });
        if (value) stack.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** What a node becomes when every alias below it is followed. */
interface Extent {
  readonly nodes: number;
  readonly depth: number;
}

/** Turns the parser's nodes into ours; an alias becomes the very node it names, so shared parts stay shared. */
class TreeBuilder {
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
    const offset = parsed?.range[0] ?? fallbackOffset;
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
      else if (key.text === '<<' && key.style === 'plain' && this.#dialect.resolvesAliases) merged.push(...this.#merge(value));
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

const styleOf = ({ type }: Scalar): ScalarStyle => {
  if (type === Scalar.PLAIN || type === undefined) return 'plain';
  return type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED ? 'block' : 'quoted';
};

/** Whether a document says nothing: empty, only comments, or `null`. */
export const isEmptyDocument = (node: ConfigNode | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && isNullText(node));
