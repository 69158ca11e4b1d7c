import { Secret } from '../model/secret.ts';
import { resolveJacksonScalar } from '../yaml/jackson-scalar.ts';
import { type ConfigNode, describeNode, isNullText, type MapEntry, MapNode, ScalarNode } from '../yaml/node.ts';
import { SpecFault, type SpecReader } from './spec-reader.ts';

/** One entry of `clientConfigProperties`. */
export interface Property {
  readonly key: string;
  /** As the connector would get it. */
  readonly value: string;
  readonly keyNode: ScalarNode;
  readonly valueNode: ConfigNode;
}

/**
 * The properties in the order written, of repeated keys the last. Upstream takes the first entry of each element and drops
 * the rest; so do we, with a warning.
 */
export function readProperties(spec: SpecReader): Property[] {
  const node = spec.get('clientConfigProperties');
  if (!node) return [];
  const properties = new Map<string, Property>();
  for (const element of elementsOf(node, spec)) {
    const [first, ...others] = entriesOf(element);
    if (!first) {
      throw new SpecFault(
        'field.type',
        element.position,
        `\`clientConfigProperties\`: expected a list of single entries such as \`- SocketTimeout: 9999\`, got ${describeNode(element)}`,
      );
    }
    for (const { key } of others) {
      spec.log.tolerate(
        'module.dropped-data',
        key.position,
        `\`${key.text}\` is dropped: only the first entry of an element counts; begin it with a dash of its own`,
      );
    }
    const { key, value } = first;
    const before = properties.get(key.text);
    if (before)
      spec.log.tolerate(
        'module.dropped-data',
        before.keyNode.position,
        `property \`${key.text}\` is set again at line ${key.position.line}; that value wins`,
      );
    properties.delete(key.text);
    properties.set(key.text, { key: key.text, value: propertyText(value), keyNode: key, valueNode: value });
  }
  return [...properties.values()];
}

/** A list's items; of an object its values, and of a text nothing: what Java's iterator over a JSON node yields. */
function elementsOf(node: ConfigNode, spec: SpecReader): readonly ConfigNode[] {
  if (node.kind === 'list') return node.items;
  if (node.kind === 'map') return node.entries.map(({ value }) => value);
  if (isNullText(node))
    throw spec.fault('clientConfigProperties', 'expected a list, got nothing; leave the field out, or write `[]`', 'field.type');
  spec.log.tolerate(
    'module.dropped-data',
    node.position,
    `\`clientConfigProperties\` is ${describeNode(node)} and sets nothing; expected a list such as \`- SocketTimeout: 9999\``,
  );
  return [];
}

/** Each key once, in the place of its first occurrence and with its last value. */
function entriesOf(element: ConfigNode): MapEntry[] {
  if (!(element instanceof MapNode)) return [];
  const entries = new Map<string, MapEntry>();
  for (const entry of element.entries) entries.set(entry.key.text, entry);
  return [...entries.values()];
}

/** Numbers and booleans in Java's form: `010` is 8, `yes` is true, `1e3` is 1000.0. A list or object is nothing. */
const propertyText = (node: ConfigNode): string => (node instanceof ScalarNode ? resolveJacksonScalar(node).text : '');

const SECRET_KEY = /secret|password|sessiontoken/i;

/** Properties as a plain object, with secrets kept from being printed. */
export const guardProperties = (properties: Readonly<Record<string, string>>): Record<string, string | Secret> =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, SECRET_KEY.test(key) ? new Secret(value) : value]));
