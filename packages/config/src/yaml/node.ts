import type { SourcePosition } from '../model/position.ts';
import type { SourceText } from '../source/source-file.ts';

/** A YAML value with the place it came from. What a scalar means is left to the dialect that reads it. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

abstract class LocatedNode {
  readonly origin: SourceText;
  readonly offset: number;

  constructor(origin: SourceText, offset: number) {
    this.origin = origin;
    this.offset = offset;
  }

  get position(): SourcePosition {
    return this.origin.locate(this.offset);
  }
}

export type ScalarStyle = 'plain' | 'quoted' | 'block';

export class ScalarNode extends LocatedNode {
  readonly kind = 'scalar';
  readonly text: string;
  readonly style: ScalarStyle;
  /** An explicit tag such as `tag:yaml.org,2002:str`. */
  readonly tag: string | undefined;

  constructor(origin: SourceText, offset: number, text: string, style: ScalarStyle, tag?: string) {
    super(origin, offset);
    this.text = text;
    this.style = style;
    this.tag = tag;
  }

  /** Where line `line`, column `column` (from 1) of the scalar's text stands; exact unless the text holds escapes or is folded. */
  positionWithin(line: number, column: number): SourcePosition {
    const { text } = this.origin;
    if (this.style !== 'block')
      return this.origin.locate(line > 1 ? this.offset : this.offset + (this.style === 'quoted' ? column : column - 1));
    let at = text.indexOf('\n', this.offset) + 1;
    const indent = /^(?:[^\S\n]*\n)*([^\S\n]*)/.exec(text.slice(at))?.[1]?.length ?? 0;
    for (let number = 1; number < line; number++) {
      const next = text.indexOf('\n', at);
      if (next === -1) return this.position;
      at = next + 1;
    }
    return this.origin.locate(at + indent + column - 1);
  }
}

export class ListNode extends LocatedNode {
  readonly kind = 'list';
  readonly items: readonly ConfigNode[];

  constructor(origin: SourceText, offset: number, items: readonly ConfigNode[]) {
    super(origin, offset);
    this.items = items;
  }
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: ConfigNode;
}

export class MapNode extends LocatedNode {
  readonly kind = 'map';
  /** In the order written; a key may occur twice. */
  readonly entries: readonly MapEntry[];

  constructor(origin: SourceText, offset: number, entries: readonly MapEntry[]) {
    super(origin, offset);
    this.entries = entries;
  }

  /** The last entry of that name, as both dialects have it. */
  entry(name: string): MapEntry | undefined {
    return this.entries.findLast(({ key }) => key.text === name);
  }

  get(name: string): ConfigNode | undefined {
    return this.entry(name)?.value;
  }
}

/** What stands there, for a message: `a list`, `an object`, `nothing`, `the text "x"`. */
export function describeNode(node: ConfigNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'an object';
  if (isNullText(node)) return 'nothing';
  const text = node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text;
  return node.style === 'plain' ? `\`${text}\`` : `the text ${JSON.stringify(text)}`;
}

/** Whether YAML reads the scalar as null: nothing, `~`, `null`. */
export const isNullText = (node: ScalarNode): boolean =>
  node.style === 'plain' && node.tag === undefined && /^(?:~|null|Null|NULL|)$/.test(node.text);
