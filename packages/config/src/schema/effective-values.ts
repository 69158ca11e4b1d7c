import type { SourcePosition } from '../model/position.ts';
import type { ConfigNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { joinPath } from './read-section.ts';
import { type AnySchema, shapeOf, type Unwrapped, unwrap } from './schema-tree.ts';

/** Where a value came from. */
export type ValueSource =
  | { readonly type: 'default' }
  | { readonly type: 'file'; readonly position: SourcePosition }
  /** `position` is that of the `${NAME}` that asked for it; absent for a `SLUICE_…` variable. */
  | { readonly type: 'environment'; readonly variable: string; readonly position?: SourcePosition }
  | { readonly type: 'flag' };

/** One value of the configuration that is in force, in the words of its own dialect. */
export interface EffectiveValue {
  /** Dot path from the root of its document. */
  readonly path: string;
  /** As written; `[redacted]` for a secret. */
  readonly value: string;
  readonly source: ValueSource;
}

/** Schemas of nodes that a schema leaves open, by kind. */
export type ComponentSchemas = Readonly<Record<string, AnySchema>>;

/** All values below `node`, given ones with their place and the others with their defaults. Made of a configuration without errors. */
export function effectiveValues(
  schema: AnySchema | undefined,
  node: ConfigNode | undefined,
  components: ComponentSchemas = {},
): EffectiveValue[] {
  const values: EffectiveValue[] = [];
  collect(schema, node, '', '', components, values);
  return values;
}

/** Written without schema too: the loader has checked it, and some parts are described more closely than a schema can. */
function collect(
  schema: AnySchema | undefined,
  node: ConfigNode | undefined,
  path: string,
  name: string,
  components: ComponentSchemas,
  values: EffectiveValue[],
): void {
  const { core, meta, defaultValue }: Partial<Unwrapped> & Pick<Unwrapped, 'meta'> = schema ? unwrap(schema) : { meta: {} };
  const component = typeof meta['component'] === 'string' ? components[meta['component']] : undefined;
  const shape = core ? shapeOf(core) : { kind: 'opaque' as const };
  if (node?.kind === 'scalar') values.push({ path, value: shownValue(node, meta, name), source: sourceOf(node) });
  else if (node?.kind === 'list') {
    const element = meta['isList'] ? component : shape.kind === 'list' ? shape.element : undefined;
    for (const [index, item] of node.items.entries()) collect(element, item, `${path}.${index}`, name, components, values);
  } else if (component && node) collect(component, node, path, name, components, values);
  else if (shape.kind === 'object' && (node || defaultValue !== undefined)) collectFields(shape.fields, node, path, components, values);
  else if (node)
    for (const { key, value } of node.entries)
      collect(shape.kind === 'record' ? shape.value : undefined, value, joinPath(path, key.text), key.text, components, values);
  else if (defaultValue !== undefined && shape.kind === 'leaf')
    values.push({
      path,
      value: typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue),
      source: { type: 'default' },
    });
}

function collectFields(
  fields: Readonly<Record<string, AnySchema>>,
  node: MapNode | undefined,
  path: string,
  components: ComponentSchemas,
  values: EffectiveValue[],
): void {
  for (const [name, field] of Object.entries(fields)) collect(field, node?.get(name), joinPath(path, name), name, components, values);
  for (const { key, value } of node?.entries ?? []) {
    if (!Object.hasOwn(fields, key.text)) collect(undefined, value, joinPath(path, key.text), key.text, components, values);
  }
}

const REDACTED = '[redacted]';
const SECRET_NAME = /secret|password|token$/i;

function shownValue({ text }: ScalarNode, meta: Readonly<Record<string, unknown>>, name: string): string {
  if (text !== '' && (meta['format'] === 'password' || SECRET_NAME.test(name))) return REDACTED;
  return text.replaceAll(/(\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g, `$1${REDACTED}`);
}

function sourceOf(node: ScalarNode): ValueSource {
  const { position } = node;
  if (position.file.startsWith('$')) return { type: 'environment', variable: position.file.slice(1) };
  if (position.file.startsWith('-')) return { type: 'flag' };
  const variable = node.origin.variableAt(node.style === 'quoted' ? node.offset + 1 : node.offset);
  return variable === undefined ? { type: 'file', position } : { type: 'environment', variable, position };
}
