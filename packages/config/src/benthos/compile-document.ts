import type { EgressDraft } from '../model/egress-draft.ts';
import type { IngressDraft, TargetName } from '../model/ingress-draft.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProcessorSettings } from '../model/processor.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { type BloblangChecker, checkBloblang } from '../schema/check-bloblang.ts';
import type { GivenLeaf } from '../schema/read-section.ts';
import { readSection } from '../schema/read-section.ts';
import { didYouMean } from '../schema/suggest.ts';
import { type ConfigNode, describeNode, ListNode, MapNode } from '../yaml/node.ts';
import { compileInput } from './compile-input.ts';
import { compileOutput } from './compile-output.ts';
import { compileProcessors } from './compile-processors.ts';
import { type Component, LabelRegistry, list, readComponent } from './component.ts';
import type { BenthosContext } from './context.ts';
import { benthosSchema } from './schema/root.ts';
import { serviceSettings } from './service.ts';

export interface BenthosDocument {
  readonly ingresses: readonly IngressDraft[];
  readonly egresses: readonly EgressDraft[];
  /** What belongs under `sluice:`. */
  readonly settings: MapNode | undefined;
}

const SUPPORTED = ['aws_kinesis', 'resource'];

/** What Benthos called `aws_kinesis` before version 4. */
const OLD_NAMES: ReadonlySet<string> = new Set(['kinesis', 'kinesis_balanced']);

/** Compiles the root of a Benthos file. */
export function compileBenthosDocument(root: ConfigNode, bloblang: BloblangChecker, log: ProblemLog): BenthosDocument {
  const { value, leaves } = readSection(benthosSchema, root, '', log);
  const context: BenthosContext = {
    log,
    labels: new LabelRegistry(log),
    unlabelled: new LabelRegistry(log),
    processorResources: root instanceof MapNode ? labelledIn(root.get('processor_resources')) : new Map(),
    resourcesInUse: new Set(),
    checkBloblang: (given: readonly GivenLeaf[]) => checkBloblang(given, bloblang, log),
  };
  context.checkBloblang(leaves);
  if (!(root instanceof MapNode)) return { ingresses: [], egresses: [], settings: undefined };
  const pipeline = root.get('pipeline');
  const processors = pipeline instanceof MapNode ? pipeline.get('processors') : undefined;
  return {
    ...new StreamCompiler(root, context).compile(processors, value?.error_handling?.strict ?? false),
    settings: serviceSettings(root, value, log),
  };
}

/** Compiles input, pipeline, output and the resources that they refer to. */
class StreamCompiler {
  readonly #root: MapNode;
  readonly #context: BenthosContext;
  /** Labels of resources that Sluice does not have. */
  readonly #foreign = new Set<string>();

  constructor(root: MapNode, context: BenthosContext) {
    this.#root = root;
    this.#context = context;
  }

  compile(pipelineNode: ConfigNode | undefined, refusesFailedRecords: boolean): { ingresses: IngressDraft[]; egresses: EgressDraft[] } {
    compileProcessors(this.#root.get('processor_resources'), 'processor_resources', this.#context);
    const pipeline = compileProcessors(pipelineNode, 'pipeline.processors', this.#context);
    const outputs = this.#resources('output');
    const output = this.#component('output', this.#root.get('output'), outputs);
    const egresses: EgressDraft[] = [];
    for (const resource of outputs.values()) {
      const isOutput = resource === output;
      const draft = compileOutput(
        resource,
        `output_resources.${resource.label}`,
        isOutput ? [...pipeline, ...this.#outerProcessors('output')] : [],
        this.#context,
      );
      if (draft) egresses.push(draft);
    }
    if (output && ![...outputs.values()].includes(output)) {
      const draft = compileOutput(output, 'output', pipeline, this.#context);
      if (draft) egresses.push(draft);
    }
    const target = output && targetOf(output);
    return { ingresses: this.#ingresses(target), egresses: egresses.map((egress) => ({ ...egress, refusesFailedRecords })) };
  }

  /** Resources that nothing refers to are checked, but read nothing. */
  #ingresses(target: TargetName | undefined): IngressDraft[] {
    const inputs = this.#resources('input');
    const input = this.#component('input', this.#root.get('input'), inputs);
    if (input && !target && this.#root.get('output') === undefined) {
      this.#context.log.warn(
        'target.unresolved',
        input.position,
        'this input has no output: name one with `output`, or its records are read and dropped',
      );
    }
    const others = [...inputs.values()].filter((resource) => resource !== input);
    for (const resource of others) compileInput(resource, `input_resources.${resource.label}`, [], this.#context);
    const draft = input && compileInput(input, 'input', target ? [target] : [], this.#context);
    return draft
      ? [
          {
            ...draft,
            processors: [...draft.processors, ...(inputs.get(input.label ?? '') === input ? this.#outerProcessors('input') : [])],
          },
        ]
      : [];
  }

  /** Processors beside `resource: label`, which run in addition to those of the resource. */
  #outerProcessors(kind: 'input' | 'output'): ProcessorSettings[] {
    const node = this.#root.get(kind);
    return node instanceof MapNode && node.get('resource')
      ? compileProcessors(node.get('processors'), `${kind}.processors`, this.#context)
      : [];
  }

  #component(kind: 'input' | 'output', node: ConfigNode | undefined, resources: ReadonlyMap<string, Component>): Component | undefined {
    if (!node) return undefined;
    const { log, labels } = this.#context;
    const component = readComponent(
      node,
      { kind, supported: SUPPORTED, onForeign: (type, position) => this.#refuse(kind, type, position) },
      log,
    );
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

  #refuse(kind: 'input' | 'output', type: string, position: SourcePosition): void {
    const { log } = this.#context;
    if (OLD_NAMES.has(type)) {
      log.error(
        'component.unsupported',
        position,
        `\`${type}\` is an old name: rename the ${kind} to \`aws_kinesis\`, and check its fields against docs/configuration/benthos.md`,
      );
      return;
    }
    const suggestion = didYouMean(type, SUPPORTED);
    if (kind === 'output')
      log.error(
        'component.unsupported',
        position,
        `Sluice has no output \`${type}\`${suggestion}; it supports ${list(SUPPORTED)} (a label of \`output_resources\`)`,
      );
    else if (suggestion) log.error('component.unsupported', position, `Sluice has no input \`${type}\`${suggestion}`);
    else
      log.warn(
        'component.unsupported',
        position,
        `Sluice does not read the input \`${type}\`: other programs must put the records on the output (\`sluice run --egress-only\`); supported inputs: ${list(SUPPORTED)}`,
      );
  }

  #resources(kind: 'input' | 'output'): Map<string, Component> {
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
        { kind, supported: ['aws_kinesis'], onForeign: (type, position) => this.#refuse(kind, type, position) },
        log,
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
}

const targetOf = ({ label, position }: Component): TargetName => ({ name: `output/${label ?? 'aws_kinesis'}`, position, isImplicit: true });

function labelledIn(node: ConfigNode | undefined): Map<string, ConfigNode> {
  const found = new Map<string, ConfigNode>();
  for (const item of node instanceof ListNode ? node.items : []) {
    const label = item instanceof MapNode ? item.get('label') : undefined;
    if (label?.kind === 'scalar' && label.text !== '' && !found.has(label.text)) found.set(label.text, item);
  }
  return found;
}
