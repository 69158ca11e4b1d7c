import { compareText } from '../text/order.ts';

/** How the objects with the same keys in the same order are written: their keys sorted, and the text that goes before each value. */
interface Shape {
  readonly keys: readonly string[];
  /** `{"a":` for the first key, `,"b":` for the others. */
  readonly prefixes: readonly string[];
}

interface ShapeNode {
  readonly next: Map<string, ShapeNode>;
  /** The key that came last here, and where it leads: mostly it is the one that comes next time. */
  lastKey: string | undefined;
  lastNext: ShapeNode | undefined;
  shape: Shape | undefined;
}

/** Documents come in a few shapes; a stream of ever new keys must not fill the memory. */
const MAX_NODES = 20_000;
const MAX_KEY_LENGTH = 128;

const newNode = (): ShapeNode => ({ next: new Map(), lastKey: undefined, lastNext: undefined, shape: undefined });

/** Remembers shapes, so that keys are sorted and escaped once for all objects alike. */
export class ShapeCache {
  private readonly root = newNode();
  private size = 0;
  private readonly encodeKey: (key: string) => string;

  constructor(encodeKey: (key: string) => string) {
    this.encodeKey = encodeKey;
  }

  /** The shape of an object with these keys, of which there is at least one. */
  of(keys: readonly string[]): Shape {
    let node = this.root;
    for (const key of keys) {
      const next = node.lastKey === key ? node.lastNext : (node.next.get(key) ?? this.grow(node, key));
      if (next === undefined) return this.make(keys);
      node.lastKey = key;
      node.lastNext = next;
      node = next;
    }
    node.shape ??= this.make(keys);
    return node.shape;
  }

  private grow(node: ShapeNode, key: string): ShapeNode | undefined {
    if (this.size >= MAX_NODES || key.length > MAX_KEY_LENGTH) return undefined;
    this.size++;
    const next = newNode();
    node.next.set(key, next);
    return next;
  }

  private make(keys: readonly string[]): Shape {
    const sorted = [...keys].sort(compareText);
    return { keys: sorted, prefixes: sorted.map((key, index) => `${index === 0 ? '{' : ','}${this.encodeKey(key)}:`) };
  }
}
