import type { z } from 'zod';
import type { ComponentSettings } from '../model/pipeline.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ComponentKind } from '../schema/leaf.ts';
import { readSection } from '../schema/read-section.ts';
import { type AnySchema, shapeOf, unwrap } from '../schema/schema-tree.ts';
import { didYouMean } from '../schema/suggest.ts';
import { type ConfigNode, describeNode, ListNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { withSession } from './compile-aws-output.ts';
import { compileOutput } from './compile-output.ts';
import { compileProcessors } from './compile-processors.ts';
import { type Component, list, readComponent } from './component.ts';
import type { BenthosContext } from './context.ts';
import { inputTypes } from './schema/inputs.ts';
import { outputTypes } from './schema/outputs.ts';
import { scannerTypes } from './schema/scanners.ts';

type NestedKind = Exclude<ComponentKind, 'processor' | 'cache' | 'rate_limit'>;

const TYPES: Readonly<Record<NestedKind, Readonly<Record<string, z.ZodType>>>> = {
  input: inputTypes,
  output: outputTypes,
  scanner: scannerTypes,
};

/** What may stand in a place for a component that runs in one process without lanes. */
export const nestedTypes: Readonly<Record<NestedKind, readonly string[]>> = {
  input: [...Object.keys(inputTypes), 'resource'],
  output: [...Object.keys(outputTypes), 'aws_kinesis', 'resource'],
  scanner: Object.keys(scannerTypes),
};

/** A component that was read already, with everything nested in it. `undefined`, with problems reported, where it cannot run. */
export function compileComponent(
  kind: NestedKind,
  component: Component,
  path: string,
  context: BenthosContext,
): ComponentSettings | undefined {
  const { type, label, options, position, node } = component;
  if (type === 'resource') return compileResource(kind, component, path, context);
  const common = { type, label, path: `root.${path}`, position };
  if (type === 'aws_kinesis') {
    const egress = compileOutput(component, path, [], context);
    return egress && { ...common, options: egress, processors: egress.processors };
  }
  const schema = TYPES[kind][type]!;
  const optionsPath = `${path}.${type}`;
  const { value, leaves } = readSection(schema, options, optionsPath, context.log);
  context.checkBloblang(leaves);
  const processors = compileProcessors(node.get('processors'), `${path}.processors`, context);
  if (value === undefined) return undefined;
  const compiled = compileNested(schema, value, optionsPath, context);
  return { ...common, options: kind === 'output' ? withSession(type, compiled, options.position, context.log) : compiled, processors };
}

/** `resource: label` stands for what the label names: one component, however many places name it. */
function compileResource(
  kind: NestedKind,
  { options, node, position }: Component,
  path: string,
  context: BenthosContext,
): ComponentSettings | undefined {
  const name = options instanceof ScalarNode ? options.text : '';
  const resources = kind === 'input' || kind === 'output' ? context.resources[kind] : new Map<string, ConfigNode>();
  const resource = resources.get(name);
  const refuse = (message: string) => void context.log.error('target.unresolved', options.position, message);
  if (!resource) {
    const names = [...resources.keys()];
    refuse(
      `no ${kind} resource is labelled \`${name}\`${didYouMean(name, names)}; there ${names.length > 0 ? `are ${list(names)}` : 'is none'}`,
    );
    return undefined;
  }
  const compiled = referencedComponent(kind, name, resource, context);
  if (compiled === 'open')
    context.documentLog.error('target.unresolved', options.position, `${kind} resource \`${name}\` refers to itself`);
  const processors = compileProcessors(node.get('processors'), `${path}.processors`, context);
  if (compiled === undefined || compiled === 'open') return undefined;
  return { type: 'resource', label: undefined, path: `root.${path}`, position, options: compiled, processors };
}

function referencedComponent(
  kind: NestedKind,
  name: string,
  resource: ConfigNode,
  context: BenthosContext,
): ComponentSettings | 'open' | undefined {
  const key = `${kind} ${name}`;
  if (context.referenced.has(key)) return context.referenced.get(key);
  context.referenced.set(key, 'open');
  // Its labels were counted, and its mistakes reported, where it is defined.
  const compiled = compileNode(kind, resource, `${kind}_resources`, context.silenced());
  context.referenced.set(key, compiled);
  return compiled;
}

function compileNode(kind: NestedKind, node: ConfigNode, path: string, context: BenthosContext): ComponentSettings | undefined {
  const supported = nestedTypes[kind];
  const onForeign = (type: string, position: SourcePosition) =>
    context.log.error(
      'component.unsupported',
      position,
      `Sluice has no ${kind} \`${type}\` here${didYouMean(type, supported)}; it supports ${list(supported)}`,
    );
  const component = readComponent(node, { kind, supported, onForeign }, context);
  if (!component) return undefined;
  context.labels.add(component);
  return compileComponent(kind, component, path, context);
}

/** A value that a schema yielded, with the nodes of components in it compiled. */
function compileNested(schema: AnySchema, value: unknown, path: string, context: BenthosContext): unknown {
  const { core, meta } = unwrap(schema);
  const kind = meta['component'] as NestedKind | 'processor' | undefined;
  if (kind !== undefined)
    return value === undefined ? undefined : compileOpen(kind, meta['isList'] === true, value as ConfigNode, path, context);
  const shape = shapeOf(core);
  if (Array.isArray(value) && shape.kind === 'list')
    return value.map((item, index) => compileNested(shape.element, item, `${path}.${index}`, context));
  if (typeof value !== 'object' || value === null || (shape.kind !== 'object' && shape.kind !== 'record')) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const inner = shape.kind === 'object' ? shape.fields[name] : shape.value;
      return [name, inner ? compileNested(inner, field, `${path}.${name}`, context) : field];
    }),
  );
}

/** What a schema left open for a component of a kind. */
function compileOpen(kind: NestedKind | 'processor', isList: boolean, node: ConfigNode, path: string, context: BenthosContext): unknown {
  if (kind === 'processor') return compileProcessors(node, path, context);
  if (!isList) return compileNode(kind, node, path, context);
  if (node instanceof ListNode) return node.items.flatMap((item, index) => compileNode(kind, item, `${path}.${index}`, context) ?? []);
  context.log.error('field.type', node.position, `\`${path}\`: expected a list, got ${describeNode(node)}`);
  return [];
}

/** An input or output that the file does not name: what Benthos takes then. */
export const standardStream = (kind: 'input' | 'output', root: MapNode): Component => ({
  type: kind === 'input' ? 'stdin' : 'stdout',
  options: new MapNode(root.origin, root.offset, []),
  label: undefined,
  node: new MapNode(root.origin, root.offset, []),
  position: root.position,
});
