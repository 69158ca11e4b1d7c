import type { EgressDraft } from '../model/egress-draft.ts';
import type { IngressDraft, TargetName } from '../model/ingress-draft.ts';
import type { ProcessorSettings } from '../model/processor.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { type BloblangChecker, checkBloblang } from '../schema/check-bloblang.ts';
import type { GivenLeaf } from '../schema/read-section.ts';
import { readSection } from '../schema/read-section.ts';
import { type ConfigNode, ListNode, MapNode } from '../yaml/node.ts';
import { compileInput } from './compile-input.ts';
import { compileOutput } from './compile-output.ts';
import { compileProcessors } from './compile-processors.ts';
import { type Component, LabelRegistry } from './component.ts';
import type { BenthosContext } from './context.ts';
import { benthosSchema } from './schema/root.ts';
import { serviceSettings } from './service.ts';
import { StreamComponents } from './stream-components.ts';

export interface BenthosDocument {
  readonly ingresses: readonly IngressDraft[];
  readonly egresses: readonly EgressDraft[];
  /** What belongs under `sluice:`. */
  readonly settings: MapNode | undefined;
}

/** Compiles the root of a Benthos file. */
export function compileBenthosDocument(root: ConfigNode, bloblang: BloblangChecker, log: ProblemLog): BenthosDocument {
  const { value, leaves } = readSection(benthosSchema, root, '', log);
  const context = benthosContext(root, bloblang, log);
  context.checkBloblang(leaves);
  if (!(root instanceof MapNode)) return { ingresses: [], egresses: [], settings: undefined };
  const pipeline = root.get('pipeline');
  const processors = pipeline instanceof MapNode ? pipeline.get('processors') : undefined;
  return {
    ...new StreamCompiler(root, context).compile(processors, value?.error_handling?.strict ?? false),
    settings: serviceSettings(root, value, log),
  };
}

export const benthosContext = (root: ConfigNode, bloblang: BloblangChecker, log: ProblemLog): BenthosContext => ({
  log,
  labels: new LabelRegistry(log),
  processorResources: root instanceof MapNode ? labelledIn(root.get('processor_resources')) : new Map(),
  resourcesInUse: new Set(),
  checkBloblang: (given: readonly GivenLeaf[]) => checkBloblang(given, bloblang, log),
});

/** Compiles input, pipeline, output and the resources that they refer to. */
class StreamCompiler {
  readonly #root: MapNode;
  readonly #context: BenthosContext;
  readonly #components: StreamComponents;

  constructor(root: MapNode, context: BenthosContext) {
    this.#root = root;
    this.#context = context;
    this.#components = new StreamComponents(root, context);
  }

  compile(pipelineNode: ConfigNode | undefined, refusesFailedRecords: boolean): { ingresses: IngressDraft[]; egresses: EgressDraft[] } {
    compileProcessors(this.#root.get('processor_resources'), 'processor_resources', this.#context);
    const pipeline = compileProcessors(pipelineNode, 'pipeline.processors', this.#context);
    const outputs = this.#components.resources('output');
    const output = this.#components.main('output', outputs);
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
    const inputs = this.#components.resources('input');
    const input = this.#components.main('input', inputs);
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
