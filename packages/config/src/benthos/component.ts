import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import type { ComponentKind } from '../schema/leaf.ts';
import { didYouMean } from '../schema/suggest.ts';
import { expandTemplate } from '../templates/expand-template.ts';
import type { Template } from '../templates/template.ts';
import { type ConfigNode, describeNode, ListNode, type MapEntry, MapNode, ScalarNode } from '../yaml/node.ts';

/** One component as written: `{label: …, <type>: {…}}`, or `{type: <type>, plugin: {…}}`. */
export interface Component {
  readonly type: string;
  /** What stands under the type. */
  readonly options: ConfigNode;
  readonly label: string | undefined;
  readonly node: MapNode;
  readonly position: SourcePosition;
}

const RESERVED = new Set(['label', 'type', 'plugin', 'meta', 'processors']);
const LABEL = /^(?![_-])[a-z0-9_-]+$/;

export interface ComponentRules {
  readonly kind: ComponentKind;
  readonly supported: readonly string[];
  /** It stands at the outside of its file, not within another component. @default false */
  readonly isOuter?: boolean;
  /** Called for a component that Sluice does not have; its options stay unread. */
  readonly onForeign: (type: string, position: SourcePosition) => void;
}

/** What components are read with. */
export interface ComponentContext {
  readonly log: ProblemLog;
  readonly templates: readonly Template[];
}

/**
 * Finds out which component `node` is; what a template stands for is that component. `undefined`, with a problem reported, where Sluice
 * does not have it or it is no component.
 */
export function readComponent(node: ConfigNode, rules: ComponentRules, context: ComponentContext): Component | undefined {
  const { log, templates } = context;
  const component = recognise(node, rules, context);
  if (!component) {
    if (rules.isOuter) log.unrecognised(node.position);
    return undefined;
  }
  const { type, options, label, position } = component;
  if (rules.supported.includes(type)) return component;
  const template = templates.find((one) => one.kind === rules.kind && one.name === type)!;
  const made = expandTemplate(template, { options, label: label ?? '', position }, log);
  // A template may use others, but not itself.
  const others = { log, templates: templates.filter((one) => one !== template) };
  return made && readComponent(withOuter(made, component.node, rules.kind), { ...rules, isOuter: false }, others);
}

/** As it is written: its type may be a template. */
function recognise(node: ConfigNode, rules: ComponentRules, { log, templates }: ComponentContext): Component | undefined {
  const { kind } = rules;
  const supported = [...rules.supported, ...templates.flatMap((template) => (template.kind === kind ? [template.name] : []))];
  if (!(node instanceof MapNode)) {
    log.error('field.type', node.position, `\`${kind}\`: expected an object, got ${describeNode(node)}`);
    return undefined;
  }
  const explicit = node.get('type');
  if (explicit && explicit.kind !== 'scalar') {
    log.error('field.type', explicit.position, `\`type\`: expected a text, got ${describeNode(explicit)}`);
    return undefined;
  }
  const candidates = node.entries.filter(({ key }) => !RESERVED.has(key.text) || (key.text === 'processors' && kind === 'processor'));
  const known = candidates.filter(({ key }) => supported.includes(key.text));
  const type = explicit?.text ?? known[0]?.key.text ?? candidates[0]?.key.text;
  if (type === undefined) {
    log.error(
      'component.unknown',
      node.position,
      `${kind === 'input' || kind === 'output' ? 'an' : 'a'} ${kind.replace('_', ' ')} type must be named; supported: ${list(supported)}`,
    );
    return undefined;
  }
  const typePosition = explicit?.position ?? candidates.find(({ key }) => key.text === type)?.key.position ?? node.position;
  if (!supported.includes(type)) {
    rules.onForeign(type, typePosition);
    return undefined;
  }
  if (!explicit && known.length > 1) {
    const names = list(known.map(({ key }) => key.text));
    log.error('component.ambiguous', node.position, `unable to infer the ${kind} type: ${names} are set`);
    return undefined;
  }
  reportStrangers(type, node, candidates, rules, log);
  const options = node.get(type) ?? node.get('plugin') ?? new MapNode(node.origin, node.offset, []);
  const label = readLabel(node, log);
  if (!node.entry('label') && type !== 'resource') log.unlabelled(node.position, type);
  return { type, options, label, node, position: typePosition };
}

/** With the label of the place where a template is used, and its processors around those that the template makes. */
function withOuter(made: MapNode, outer: MapNode, kind: ComponentKind): MapNode {
  const isOwn = ({ key }: MapEntry): boolean => key.text === 'label' || (key.text === 'processors' && kind !== 'processor');
  const label = outer.entry('label');
  const [inner, around] = [made.get('processors'), outer.get('processors')];
  const both = kind === 'input' ? [inner, around] : [around, inner];
  const lists = kind === 'processor' ? [] : both.filter((list) => list instanceof ListNode);
  const key = new ScalarNode(made.origin, made.offset, 'processors', 'plain');
  const joined = new ListNode(
    made.origin,
    made.offset,
    lists.flatMap(({ items }) => items),
  );
  return new MapNode(made.origin, made.offset, [
    ...(label ? [label] : []),
    ...made.entries.filter((entry) => !isOwn(entry)),
    ...(lists.length > 0 ? [{ key, value: joined }] : []),
  ]);
}

function reportStrangers(type: string, node: MapNode, candidates: MapNode['entries'], { kind }: ComponentRules, log: ProblemLog): void {
  for (const { key } of candidates)
    if (key.text !== type)
      log.lint(
        'field.unknown',
        key.position,
        `unknown field \`${key.text}\`: it is invalid when the component type is \`${type}\` (${kind})${didYouMean(key.text, ['label', 'processors', type])}`,
      );
  if (node.entry('plugin') && node.entry(type))
    log.lint('field.unknown', node.entry('plugin')!.key.position, '`plugin` has no effect beside the component itself');
}

function readLabel(node: MapNode, log: ProblemLog): string | undefined {
  const label = node.get('label');
  if (!(label instanceof ScalarNode) || label.text === '') {
    if (label && label.kind !== 'scalar') log.error('field.type', label.position, `\`label\`: expected a text, got ${describeNode(label)}`);
    return undefined;
  }
  if (LABEL.test(label.text)) return label.text;
  log.lint(
    'label.invalid',
    label.position,
    `invalid label \`${label.text}\`: it should match /^[a-z0-9_\\-]+$/ and must not start with an underscore or a dash`,
  );
  return label.text;
}

export const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** Labels of one file; each may stand once. */
export class LabelRegistry {
  readonly #lines = new Map<string, number>();
  readonly #log: ProblemLog;

  constructor(log: ProblemLog) {
    this.#log = log;
  }

  /** A resource is of no use without a label. */
  addResource(component: Component): void {
    if (component.label === undefined) {
      const position = component.node.get('label')?.position ?? component.node.position;
      this.#log.lint('field.missing', position, 'the `label` of a resource must be unique and not empty');
    }
    this.add(component);
  }

  add(component: Component): void {
    const { label } = component;
    if (label === undefined) return;
    const position = component.node.get('label')?.position ?? component.position;
    const earlier = this.#lines.get(label);
    if (earlier !== undefined)
      this.#log.lint('label.duplicate', position, `label \`${label}\` collides with a previously defined label at line ${earlier}`);
    else this.#lines.set(label, position.line);
  }
}
