/** YAML to values as Go's yaml.v3 decodes it: the first document, with anchors and merge keys. */

import { AnyKeyObject, BloblangError, getKey, isObject, quote, setKey, type Value, type ValueObject } from '@sluice/values';
import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { readDeep } from './yaml-deep.ts';
import { resolveScalar } from './yaml-scalar.ts';

/** Throws BloblangError with a text that begins with `yaml: `, as the original's do; the parser's own words differ. */
export function readYaml(text: string): Value {
  if (CONTROL.test(text)) throw new BloblangError('yaml: control characters are not allowed');
  const lines = new LineCounter();
  try {
    const document = firstDocument(text, lines);
    if (document === undefined) return null;
    return new Decoder(document, lines).document();
  } catch (error) {
    if (error instanceof RangeError) return readDeep(text);
    throw error;
  }
}

function firstDocument(text: string, lines: LineCounter): Document.Parsed | undefined {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)) {
    const [error] = document.errors;
    if (error === undefined || isBehind(document, error)) return document as Document.Parsed;
    // The parser reports a full stack like any other error.
    if (error.message.startsWith('Maximum call stack')) throw new RangeError(error.message);
    throw new BloblangError(`yaml: line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  }
  return undefined;
}

/** Whether the problem is something behind a quoted text or flow collection that is the whole document: the original does not look there. */
const isBehind = ({ contents }: Document, { message }: YAMLParseError): boolean =>
  message.endsWith(' at node end') && (isScalar(contents) ? contents.type !== 'PLAIN' : isCollection(contents) && contents.flow === true);

/** Characters that no YAML may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Above these counts, a document of which nearly all comes from aliases is an attack. */
const MIN_ALIASED = 100;
const MIN_DECODED = 1000;
const ALIAS_RANGE = { from: 400_000, to: 4_000_000 };

class Decoder {
  private readonly root: Node | null;
  private readonly lines: LineCounter;
  private readonly targets = new Map<Alias, Node>();
  /** The aliases that are being expanded. */
  private readonly open = new Set<Alias>();
  private readonly problems: string[] = [];
  private decoded = 0;
  private aliased = 0;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.root = document.contents;
    this.lines = lines;
    this.findTargets(document);
  }

  document(): Value {
    const value = this.value(this.root);
    if (this.problems.length > 0)
      throw new BloblangError(`yaml: unmarshal errors:\n${this.problems.map((problem) => `  ${problem}`).join('\n')}`);
    return value;
  }

  /** An alias stands for the last node before it that has its anchor. */
  private findTargets(document: Document.Parsed): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target === undefined) throw new BloblangError(`yaml: unknown anchor '${node.source}' referenced`);
          this.targets.set(node, target);
        } else if (node.anchor !== undefined) {
          anchors.set(node.anchor, node as Node);
        }
      },
    });
  }

  private value(node: Node | null): Value {
    this.count();
    if (node === null) return null;
    if (isAlias(node)) return this.aliasValue(node, (target) => this.value(target));
    if (isScalar(node)) return scalarValue(node);
    if (isSeq<Node | null>(node)) return node.items.map((item) => this.value(item));
    return this.mapValue(node as YAMLMap<Node | null, Node | null>);
  }

  private count(): void {
    this.decoded++;
    if (this.open.size > 0) this.aliased++;
    if (this.aliased <= MIN_ALIASED || this.decoded <= MIN_DECODED) return;
    const progress = Math.min(1, Math.max(0, (this.decoded - ALIAS_RANGE.from) / (ALIAS_RANGE.to - ALIAS_RANGE.from)));
    if (this.aliased / this.decoded > 0.99 - 0.89 * progress) throw new BloblangError('yaml: document contains excessive aliasing');
  }

  private aliasValue<T>(alias: Alias, decode: (target: Node) => T): T {
    if (this.open.has(alias)) throw new BloblangError(`yaml: anchor '${alias.source}' value contains itself`);
    this.open.add(alias);
    const value = decode(this.targets.get(alias)!);
    this.open.delete(alias);
    return value;
  }

  private mapValue(map: YAMLMap<Node | null, Node | null>): Value {
    if (!this.hasUniqueKeys(map)) return null;
    const merged = map.items.filter(({ key }) => isMergeKey(key));
    const own = map.items.filter(({ key }) => !isMergeKey(key));
    if (!map.items.every(({ key }) => this.isTextKey(key))) return this.anyKeyObject(own, merged.at(-1)?.value ?? null);
    const object: ValueObject = {};
    for (const { key, value } of own) setKey(object, this.keyText(key), this.value(value));
    const last = merged.at(-1);
    if (last !== undefined) this.merge(object, last.value);
    return object;
  }

  private anyKeyObject(items: YAMLMap<Node | null, Node | null>['items'], mergedNode: Node | null): Value {
    const entries = items.map(({ key, value }) => {
      const keyValue = this.value(key);
      if (Array.isArray(keyValue) || isObject(keyValue)) throw new BloblangError('yaml: invalid map key');
      return [keyValue, this.value(value)] as const;
    });
    const merged: ValueObject = {};
    if (mergedNode !== null) this.merge(merged, mergedNode);
    return new AnyKeyObject([...entries, ...Object.entries(merged)]);
  }

  /** Adds what an object of a merge key, or several, have and the object itself has not. */
  private merge(object: ValueObject, node: Node | null): void {
    const sources = isSeq<Node>(node) ? node.items : [node];
    for (const source of sources) {
      const target = isAlias(source) ? this.targets.get(source)! : source;
      if (!isMap(target)) throw new BloblangError('yaml: map merge requires map or sequence of maps as the value');
      const value = this.value(source);
      if (!isObject(value)) continue;
      for (const key of Object.keys(value)) {
        if (!Object.hasOwn(object, key)) setKey(object, key, getKey(value, key));
      }
    }
  }

  private hasUniqueKeys(map: YAMLMap<Node | null, Node | null>): boolean {
    const seen = new Map<string, number>();
    const before = this.problems.length;
    for (const { key } of map.items) {
      if (key !== null && !isScalar(key)) continue;
      const text = key === null ? '' : textOf(key);
      const line = key?.range == null ? 0 : this.lines.linePos(key.range[0]).line;
      const first = seen.get(text);
      if (first !== undefined) this.problems.push(`line ${line}: mapping key ${quote(text)} already defined at line ${first}`);
      else seen.set(text, line);
    }
    return this.problems.length === before;
  }

  private isTextKey(key: Node | null): boolean {
    const node = isAlias(key) ? this.targets.get(key)! : key;
    if (node === null || !isScalar(node)) return false;
    return isMergeKey(node) || isQuoted(node) || resolveScalar(shortTag(node), textOf(node)).tag === '!!str';
  }

  private keyText(key: Node | null): string {
    this.count();
    return textOf((isAlias(key) ? this.targets.get(key)! : key) as Scalar);
  }
}

/** The text as it was read; `value` is what the parser made of the few tags that it always knows. */
const textOf = (scalar: Scalar): string => scalar.source ?? '';

const isMergeKey = (key: Node | null): boolean =>
  isScalar(key) && key.type === 'PLAIN' && textOf(key) === '<<' && (key.tag === undefined || shortTag(key) === '!!merge');

/** Quoted and block scalars are text unless a tag says otherwise. */
const isQuoted = (scalar: Scalar): boolean =>
  scalar.type !== 'PLAIN' && scalar.type !== undefined && (shortTag(scalar) === '' || shortTag(scalar) === '!!str');

function scalarValue(scalar: Scalar): Value {
  const text = textOf(scalar);
  return isQuoted(scalar) || isMergeKey(scalar) ? text : resolveScalar(shortTag(scalar), text).value;
}

const PREFIX = 'tag:yaml.org,2002:';

function shortTag({ tag }: Scalar): string {
  if (tag === undefined || tag === '!') return '';
  return tag.startsWith(PREFIX) ? `!!${tag.slice(PREFIX.length)}` : tag;
}
