import { BloblangError, isArray, isObject, type Value, type ValueObject } from '@sluice/values';

/** What addresses within a document are relative to if it does not name itself. */
const NAMELESS = 'schema:///';

/** Where the parts of a schema document are, by the addresses that it gives them. Nothing is ever loaded from elsewhere. */
export class References {
  private readonly documents = new Map<string, Value>();
  private readonly bases = new Map<ValueObject, string>();

  constructor(root: Value) {
    this.documents.set(NAMELESS, root);
    this.collect(root, NAMELESS);
  }

  /** The address that references in an object are relative to. */
  baseOf(object: ValueObject): string {
    return this.bases.get(object) ?? NAMELESS;
  }

  /** What a reference leads to, and the base there. Throws BloblangError if that is not within the document. */
  find(reference: string, base: string): { readonly address: string; readonly value: Value } {
    const address = resolve(reference, base);
    const known = this.documents.get(address);
    if (known !== undefined) return { address, value: known };
    const [document = '', fragment = ''] = address.split('#');
    const root = this.documents.get(document);
    if (root === undefined) throw new BloblangError(`Reference ${reference} must be canonical`);
    return { address, value: pointed(root, decodeURIComponent(fragment)) };
  }

  private collect(value: Value, base: string): void {
    if (isArray(value)) for (const element of value) this.collect(element, base);
    if (!isObject(value)) return;
    const id = ['id', '$id'].map((key) => (Object.hasOwn(value, key) ? value[key] : undefined)).find((name) => typeof name === 'string');
    const own = id === undefined ? base : resolve(id, base);
    if (id !== undefined && !this.documents.has(own)) this.documents.set(own, value);
    this.bases.set(value, own.split('#')[0]!);
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'enum' && key !== 'const') this.collect(child, own.split('#')[0]!);
    }
  }
}

function resolve(reference: string, base: string): string {
  try {
    return new URL(reference, base).href.replace(/#$/, '');
  } catch {
    throw new BloblangError(`Reference ${reference} must be canonical`);
  }
}

function pointed(root: Value, pointer: string): Value {
  let value = root;
  for (const segment of pointer.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    const child: Value | undefined = isArray(value)
      ? value[Number(key)]
      : isObject(value) && Object.hasOwn(value, key)
        ? value[key]
        : undefined;
    if (child === undefined) throw new BloblangError(`Object has no key '${key}'`);
    value = child;
  }
  return value;
}
