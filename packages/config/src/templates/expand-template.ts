import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { didYouMean } from '../schema/suggest.ts';
import { readGoBool, readGoString, resolveGoScalar } from '../yaml/go-scalar.ts';
import { type ConfigNode, describeNode, ListNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { plainValue } from '../yaml/plain-value.ts';
import type { Template, TemplateField } from './template.ts';

/**
 * What a template makes of the fields that a configuration sets: the configuration of a component, all of it at the place where the
 * template is used. `undefined`, with a problem reported, where it makes none.
 */
export function expandTemplate(
  template: Template,
  { options, label, position }: { readonly options: ConfigNode; readonly label: string; readonly position: SourcePosition },
  log: ProblemLog,
): MapNode | undefined {
  const fields = readFields(template, options, position, log);
  if (!fields) return undefined;
  const refuse = (reason: string): undefined =>
    void log.error('component.unknown', position, `the template \`${template.name}\` (${template.file}): ${reason}`);
  const outcome = template.mapping.map([{ content: Buffer.from(JSON.stringify(fields)), metadata: { label } }], 0);
  if (outcome.kind === 'failed') return refuse(`its mapping failed: ${outcome.error.message}`);
  const made = outcome.kind === 'dropped' ? undefined : documentIn(outcome.message.content);
  if (typeof made !== 'object' || made === null || Array.isArray(made)) return refuse('its mapping makes no object');
  const { file, line, column } = template.position;
  const madeBy = `the template \`${template.name}\`, ${file}(${line},${column})`;
  return nodeOf(made, { ...position, madeBy }) as MapNode;
}

function documentIn(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString());
  } catch {
    return undefined;
  }
}

function readFields(
  template: Template,
  options: ConfigNode,
  position: SourcePosition,
  log: ProblemLog,
): Record<string, unknown> | undefined {
  if (!(options instanceof MapNode)) {
    log.error('field.type', options.position, `\`${template.name}\`: expected an object, got ${describeNode(options)}`);
    return undefined;
  }
  const names = template.fields.map(({ name }) => name);
  for (const { key } of options.entries)
    if (!names.includes(key.text))
      log.lint('field.unknown', key.position, `unknown field \`${key.text}\` in \`${template.name}\`${didYouMean(key.text, names)}`);
  const fields: Record<string, unknown> = {};
  let isSound = true;
  for (const field of template.fields) {
    const node = options.get(field.name);
    const read = node ? readField(field, node) : field.initial;
    if (read) fields[field.name] = read.value;
    else if (node)
      log.error('field.type', node.position, `\`${template.name}.${field.name}\`: expected ${expected(field)}, got ${describeNode(node)}`);
    else log.error('field.missing', position, `required field \`${field.name}\` is missing in \`${template.name}\``);
    isSound &&= read !== undefined;
  }
  return isSound ? fields : undefined;
}

const expected = ({ type, kind }: TemplateField): string => (kind === 'scalar' ? `a value of type ${type}` : `a ${kind} of ${type}`);

function readField({ type, kind }: TemplateField, node: ConfigNode): { readonly value: unknown } | undefined {
  if (kind === 'scalar') return readOne(type, node);
  const children = kind === 'list' && node instanceof ListNode ? node.items : undefined;
  if (children) {
    const values = children.map((child) => readOne(type, child));
    return values.includes(undefined) ? undefined : { value: values.map((read) => read!.value) };
  }
  if (kind !== 'map' || !(node instanceof MapNode)) return undefined;
  const values = node.entries.map(({ key, value }) => [key.text, readOne(type, value)] as const);
  return values.some(([, read]) => !read) ? undefined : { value: Object.fromEntries(values.map(([name, read]) => [name, read!.value])) };
}

function readOne(type: TemplateField['type'], node: ConfigNode): { readonly value: unknown } | undefined {
  if (type === 'unknown') return { value: plainValue(node) };
  if (!(node instanceof ScalarNode)) return undefined;
  if (type === 'string' || type === 'bloblang') return { value: readGoString(node) };
  if (type === 'bool') return defined(readGoBool(node));
  const scalar = resolveGoScalar(node);
  if (scalar.type !== 'int' && scalar.type !== 'float') return undefined;
  return { value: type === 'int' ? Math.trunc(scalar.value) : scalar.value };
}

const defined = <T>(value: T | undefined) => (value === undefined ? undefined : { value });

/** A value as if it were written at `position`. */
function nodeOf(value: unknown, position: SourcePosition): ConfigNode {
  const origin = { text: '', locate: () => position, variableAt: () => undefined };
  const build = (one: unknown): ConfigNode => {
    if (Array.isArray(one)) return new ListNode(origin, 0, one.map(build));
    if (typeof one !== 'object' || one === null)
      return new ScalarNode(origin, 0, String(one), typeof one === 'string' ? 'quoted' : 'plain');
    const entries = Object.entries(one).map(([name, child]) => ({ key: new ScalarNode(origin, 0, name, 'quoted'), value: build(child) }));
    return new MapNode(origin, 0, entries);
  };
  return build(value);
}
