import type { z } from 'zod';
import type { ProblemCode, ProblemLog } from '../problem/problem.ts';
import { type ConfigNode, describeNode, isNullText, ListNode, MapNode, type ScalarNode } from '../yaml/node.ts';
import { type AnySchema, shapeOf, unwrap } from './schema-tree.ts';
import { didYouMean } from './suggest.ts';

/** A scalar that a schema describes and a file gives. */
export interface GivenLeaf {
  readonly path: string;
  readonly node: ScalarNode;
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface Section<T> {
  /** `undefined` where the section has an error. */
  readonly value: T | undefined;
  /** Where the section has an error: what is left without the faulty fields, if that is enough. */
  readonly sound: T | undefined;
  readonly leaves: readonly GivenLeaf[];
}

/**
 * Reads `node` by `schema`: unknown fields, duplicate keys, wrong types and values become problems at their place, and do not
 * keep the rest from being checked.
 */
export function readSection<S extends z.ZodType>(schema: S, node: ConfigNode, path: string, log: ProblemLog): Section<z.output<S>> {
  const reader = new SectionReader(log);
  const raw = reader.raw(schema, node, path);
  const result = schema.safeParse(raw);
  for (const issue of result.error?.issues ?? []) reportIssue(issue, node, path, log);
  const sound = result.success ? undefined : schema.safeParse(withoutFaulty(raw, result.error.issues)).data;
  return { value: result.data, sound, leaves: reader.leaves };
}

/** `raw` without the fields that the issues name, so that one mistake does not take the rest with it. */
function withoutFaulty(raw: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const faulty = new Set(issues.map(({ path }) => JSON.stringify(path)));
  const copy = (value: unknown, path: readonly PropertyKey[]): unknown => {
    // Nodes stay as they are, and so do lists, whose elements would move.
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    const kept = Object.entries(value).filter(([name]) => !faulty.has(JSON.stringify([...path, name])));
    return Object.fromEntries(kept.map(([name, child]) => [name, copy(child, [...path, name])]));
  };
  return copy(raw, []);
}

/** Turns nodes into the plain values that a schema takes, leaving out what it does not know. */
class SectionReader {
  readonly leaves: GivenLeaf[] = [];
  readonly #log: ProblemLog;

  constructor(log: ProblemLog) {
    this.#log = log;
  }

  raw(schema: AnySchema, node: ConfigNode, path: string): unknown {
    const { core, meta } = unwrap(schema);
    const shape = shapeOf(core);
    if (shape.kind === 'opaque' || 'component' in meta) return node;
    if (node.kind === 'scalar') {
      if (shape.kind !== 'leaf') return isNullText(node) ? null : node.text;
      this.leaves.push({ path, node, meta });
      return node;
    }
    if (node.kind === 'list')
      return shape.kind === 'list' ? node.items.map((item, index) => this.raw(shape.element, item, `${path}.${index}`)) : [];
    if (shape.kind === 'object')
      return this.#fields(node, path, (name) => (Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined), shape.fields);
    if (shape.kind === 'record') return this.#fields(node, path, () => shape.value, {});
    return node;
  }

  #fields(
    node: MapNode,
    path: string,
    schemaOf: (name: string) => AnySchema | undefined,
    fields: Readonly<Record<string, AnySchema>>,
  ): object {
    const raw: Record<string, unknown> = {};
    const seen = new Map<string, ScalarNode>();
    for (const { key, value } of node.entries) {
      const earlier = seen.get(key.text);
      if (earlier)
        this.#log.tolerate(
          'yaml.duplicate-key',
          key.position,
          `field \`${key.text}\` was already set at line ${earlier.position.line}; the last one counts`,
        );
      seen.set(key.text, key);
      const schema = schemaOf(key.text);
      if (schema) this.#warnIfIneffective(schema, key, value, path);
      if (schema && unwrap(schema).meta['deprecated'] === true) this.#log.deprecated(key.position, joinPath(path, key.text));
      if (schema)
        Object.defineProperty(raw, key.text, {
          value: this.raw(schema, value, joinPath(path, key.text)),
          enumerable: true,
          configurable: true,
        });
      else this.#log.lint('field.unknown', key.position, unknownField(key.text, path, fields));
    }
    return raw;
  }

  #warnIfIneffective(schema: AnySchema, key: ScalarNode, value: ConfigNode, path: string): void {
    const { meta, defaultValue } = unwrap(schema);
    if (typeof meta['withoutEffect'] !== 'string' || (value.kind === 'scalar' && value.text === String(defaultValue))) return;
    this.#log.warn('section.ignored', key.position, `\`${joinPath(path, key.text)}\` has no effect: ${meta['withoutEffect']}`);
  }
}

function unknownField(name: string, path: string, fields: Readonly<Record<string, AnySchema>>): string {
  const names = Object.keys(fields);
  const suggestion =
    didYouMean(name, names) || (names.length <= 12 ? `; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}` : '');
  return `unknown field \`${name}\`${path ? ` in \`${path}\`` : ''}${suggestion}`;
}

/** `a.b`, with a dot inside a name written `~1` as in Benthos's dot paths. */
export const joinPath = (path: string, name: string): string => {
  const segment = name.replaceAll('~', '~0').replaceAll('.', '~1');
  return path === '' ? segment : `${path}.${segment}`;
};

function reportIssue(issue: z.core.$ZodIssue, root: ConfigNode, rootPath: string, log: ProblemLog): void {
  const { node, rest } = descend(root, issue.path);
  const names = issue.path.map(String);
  const name = typeof issue.path.at(-1) === 'number' ? names.slice(-2).join('.') : (names.at(-1) ?? rootPath);
  if (rest.length > 0 && (issue.code === 'invalid_type' || issue.code === 'custom')) {
    const owner = [rootPath, ...names.slice(0, -1)].filter(Boolean).join('.');
    log.error('field.missing', node.position, `required field \`${name}\` is missing${owner ? ` in \`${owner}\`` : ''}`);
    return;
  }
  const isType = issue.code === 'invalid_type' || (node.kind !== 'scalar' && issue.message.startsWith('expected '));
  const code: ProblemCode = isType ? 'field.type' : 'field.value';
  log.error(code, node.position, `\`${name}\`: ${wordingOf(issue, node)}`);
}

function wordingOf(issue: z.core.$ZodIssue, node: ConfigNode): string {
  if (issue.code === 'invalid_type') return `expected ${EXPECTED[issue.expected] ?? issue.expected}, got ${describeNode(node)}`;
  if (issue.code === 'custom' && node.kind !== 'scalar' && issue.message.startsWith('expected '))
    return `${issue.message}, got ${describeNode(node)}`;
  return issue.message;
}

const EXPECTED: Readonly<Record<string, string>> = { object: 'an object', record: 'an object', array: 'a list' };

/** The node at `path`, or the last one on the way to it and what of the path it lacks. */
function descend(root: ConfigNode, path: readonly PropertyKey[]): { node: ConfigNode; rest: readonly PropertyKey[] } {
  let node = root;
  for (const [index, segment] of path.entries()) {
    const next = node instanceof MapNode ? node.get(String(segment)) : node instanceof ListNode ? node.items[Number(segment)] : undefined;
    if (!next) return { node, rest: path.slice(index) };
    node = next;
  }
  return { node, rest: [] };
}
