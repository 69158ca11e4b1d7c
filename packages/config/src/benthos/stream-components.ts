import type { SourcePosition } from '../model/position.ts';
import { didYouMean } from '../schema/suggest.ts';
import { describeNode, ListNode, MapNode } from '../yaml/node.ts';
import { nestedTypes } from './compile-component.ts';
import { type Component, list, readComponent } from './component.ts';
import type { BenthosContext } from './context.ts';

const SUPPORTED = { input: [...nestedTypes.input, 'aws_kinesis'], output: nestedTypes.output };

/** What Benthos called `aws_kinesis` before version 4. */
const OLD_NAMES: ReadonlySet<string> = new Set(['kinesis', 'kinesis_balanced']);

/** Finds the input, the output and the resources of a stream among what Sluice has. */
export class StreamComponents {
  readonly #root: MapNode;
  readonly #context: BenthosContext;
  /** Labels of resources that Sluice does not have. */
  readonly #foreign = new Set<string>();

  constructor(root: MapNode, context: BenthosContext) {
    this.#root = root;
    this.#context = context;
  }

  /** The input or output of the stream itself; one of `resources` where it refers to that. @param isFed other programs can feed the output */
  main(kind: 'input' | 'output', resources: ReadonlyMap<string, Component>, { isFed = false } = {}): Component | undefined {
    const { log, labels } = this.#context;
    const rules = {
      kind,
      supported: SUPPORTED[kind],
      isOuter: true,
      onForeign: (type: string, position: SourcePosition) => this.#refuse(kind, type, position, isFed),
    };
    // Where the file has it several times the last one counts, and each must be one.
    const component = this.#root.entries
      .filter(({ key }) => key.text === kind)
      .map(({ value }) => readComponent(value, rules, this.#context))
      .at(-1);
    if (!component) return undefined;
    if (component.type !== 'resource') {
      labels.add(component);
      return component;
    }
    if (component.label !== undefined)
      log.lint('field.unknown', component.node.get('label')!.position, 'the `label` should be omitted when pointing to a resource');
    const name = component.options.kind === 'scalar' ? component.options.text : '';
    const resource = resources.get(name);
    // A resource that Sluice does not have was reported where it is defined.
    if (resource || this.#foreign.has(name)) return resource;
    const names = [...resources.keys()];
    log.error(
      'target.unresolved',
      component.options.position,
      `no ${kind} resource is labelled \`${name}\`${didYouMean(name, names)}; there ${names.length > 0 ? `are ${list(names)}` : 'is none'}`,
    );
    return undefined;
  }

  /** Resources of a kind by label. What is no resource, or none that Sluice has, is reported and left out. */
  resources(kind: 'input' | 'output'): Map<string, Component> {
    const node = this.#root.get(`${kind}_resources`);
    const { log, labels } = this.#context;
    const found = new Map<string, Component>();
    if (!node) return found;
    if (!(node instanceof ListNode)) {
      log.error('field.type', node.position, `\`${kind}_resources\`: expected a list, got ${describeNode(node)}`);
      return found;
    }
    for (const item of node.items) {
      const component = readComponent(
        item,
        {
          kind,
          supported: SUPPORTED[kind].filter((type) => type !== 'resource'),
          isOuter: true,
          onForeign: (type, position) => this.#refuse(kind, type, position, true),
        },
        this.#context,
      );
      if (!component) {
        const label = item instanceof MapNode ? item.get('label') : undefined;
        if (label?.kind === 'scalar') this.#foreign.add(label.text);
        continue;
      }
      if (component.label === undefined) {
        log.error('field.missing', component.position, `a component of \`${kind}_resources\` needs a \`label\``);
        continue;
      }
      labels.add(component);
      if (!found.has(component.label)) found.set(component.label, component);
    }
    return found;
  }

  #refuse(kind: 'input' | 'output', type: string, position: SourcePosition, isFed: boolean): void {
    const { log } = this.#context;
    if (OLD_NAMES.has(type)) {
      log.error(
        'component.unsupported',
        position,
        `\`${type}\` is an old name: rename the ${kind} to \`aws_kinesis\`, and check its fields against docs/configuration/benthos.md`,
      );
      return;
    }
    const suggestion = didYouMean(type, SUPPORTED[kind]);
    if (kind === 'output')
      log.error(
        'component.unsupported',
        position,
        `Sluice has no output \`${type}\`${suggestion}; it supports ${list(SUPPORTED[kind])} (a label of \`output_resources\`)`,
      );
    else if (suggestion || !isFed)
      log.error('component.unsupported', position, `Sluice has no input \`${type}\`${suggestion}; it supports ${list(SUPPORTED[kind])}`);
    else
      log.warn(
        'component.unsupported',
        position,
        `Sluice does not read the input \`${type}\`: other programs must put the records on the output (\`sluice run --egress-only\`); supported inputs: ${list(SUPPORTED[kind])}`,
      );
  }
}
