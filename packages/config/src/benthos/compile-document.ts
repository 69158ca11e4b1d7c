import type { z } from 'zod';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { IngressDraft, TargetName } from '../model/ingress-draft.ts';
import type { OutputEgressDraft } from '../model/output-egress.ts';
import type { ComponentSettings, Pipeline } from '../model/pipeline.ts';
import type { ProcessorSettings } from '../model/processor.ts';
import { ProblemLog } from '../problem/problem.ts';
import { type BloblangChecker, checkBloblang } from '../schema/check-bloblang.ts';
import type { GivenLeaf } from '../schema/read-section.ts';
import { readSection } from '../schema/read-section.ts';
import type { Template } from '../templates/template.ts';
import { type ConfigNode, ListNode, MapNode } from '../yaml/node.ts';
import { compileBuffer } from './compile-buffer.ts';
import { compileComponent, standardStream } from './compile-component.ts';
import { compileInput } from './compile-input.ts';
import { compileOutput } from './compile-output.ts';
import { compileProcessorResources, compileProcessors } from './compile-processors.ts';
import { compileResources } from './compile-resources.ts';
import { type Component, LabelRegistry } from './component.ts';
import type { BenthosContext, ProgramUse } from './context.ts';
import { refuseInLanes } from './refuse-in-lanes.ts';
import { ResourceLabels } from './resource-labels.ts';
import type { bufferSchema } from './schema/buffer.ts';
import { benthosSchema } from './schema/root.ts';
import { serviceSettings } from './service.ts';
import { StreamComponents } from './stream-components.ts';
import { countsMetrics } from './telemetry-sections.ts';

export interface BenthosDocument {
  readonly ingresses: readonly IngressDraft[];
  readonly egresses: readonly EgressDraft[];
  readonly outputs: readonly OutputEgressDraft[];
  readonly pipelines: readonly Pipeline[];
  /** What belongs under `sluice:`. */
  readonly settings: MapNode | undefined;
  /** What runs only where it is allowed. */
  readonly programs: readonly ProgramUse[];
}

/** Components that only their section reads. */
const COMPONENTS: ReadonlySet<string> = new Set(['buffer', 'metrics', 'tracer']);

/**
 * Compiles the root of a Benthos file.
 *
 * @param templates types of components beside those that there are
 * @param isAlone there is no other document: without input and output it copies standard input to standard output, as in Benthos
 */
export function compileBenthosDocument(
  root: ConfigNode,
  bloblang: BloblangChecker,
  log: ProblemLog,
  { templates, isAlone }: { readonly templates: readonly Template[]; readonly isAlone: boolean },
): BenthosDocument {
  const { value, leaves } = readSection(benthosSchema, root, '', log);
  const context = benthosContext(root, bloblang, log, { templates });
  context.checkBloblang(leaves);
  if (!(root instanceof MapNode)) return { ingresses: [], egresses: [], outputs: [], pipelines: [], settings: undefined, programs: [] };
  for (const { key, value: component } of root.entries)
    if (COMPONENTS.has(key.text) && !(component instanceof MapNode)) log.unrecognised(component.position);
  const compiled = new StreamCompiler(root, context).compile({
    refusesFailed: value?.error_handling?.strict ?? false,
    threads: value?.pipeline?.threads ?? -1,
    bufferFields: value?.buffer,
    http: value && httpOf(value, root),
    countsMetrics: countsMetrics(root),
    isAlone,
  });
  return { ...compiled, programs: context.programs, settings: serviceSettings(root, value, compiled.pipelines.length > 0, log) };
}

/** @param shared the context of the same document whose problems are reported */
export function benthosContext(
  root: ConfigNode,
  bloblang: BloblangChecker,
  log: ProblemLog,
  shared: Pick<BenthosContext, 'templates'> & Partial<BenthosContext>,
): BenthosContext {
  const labelled = (name: string) => (root instanceof MapNode ? labelledIn(root.get(name)) : new Map<string, ConfigNode>());
  const context: BenthosContext = {
    log,
    templates: shared.templates,
    labels: new LabelRegistry(log),
    resourceLabels: new ResourceLabels(root),
    processorResources: labelled('processor_resources'),
    resources: { input: labelled('input_resources'), output: labelled('output_resources') },
    resourcesInUse: new Set(),
    referenced: shared.referenced ?? new Map(),
    documentLog: shared.documentLog ?? log,
    programs: shared.programs ?? [],
    checkBloblang: (given: readonly GivenLeaf[]) => checkBloblang(given, bloblang, log),
    silenced: () => benthosContext(root, bloblang, new ProblemLog(), context),
  };
  return context;
}

interface Handling extends Pick<Pipeline, 'refusesFailed' | 'threads' | 'resources' | 'http' | 'countsMetrics'> {
  readonly bufferFields: z.output<typeof bufferSchema> | undefined;
  readonly isAlone: boolean;
}

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

  compile(handling: Omit<Handling, 'resources'>): Omit<BenthosDocument, 'settings' | 'programs'> {
    const resources = compileResources(this.#root, this.#context);
    compileProcessorResources(this.#root.get('processor_resources'), this.#context);
    const pipelineNode = this.#root.get('pipeline');
    const processors = compileProcessors(
      pipelineNode instanceof MapNode ? pipelineNode.get('processors') : undefined,
      'pipeline.processors',
      this.#context,
    );
    const outputs = this.#components.resources('output');
    const named = this.#components.main('output', outputs);
    const inputs = this.#components.resources('input');
    const input = this.#components.main('input', inputs, { isFed: isKinesis(named) });
    // As Benthos has it.
    const isUnnamed = isKinesis(input) && this.#root.get('output') === undefined;
    const output = isUnnamed ? standardStream('output', this.#root) : named;
    const needsLanes = isKinesis(input) || (isKinesis(output) && !input);
    if (needsLanes) this.#warnAboutThreads(handling.threads);
    const ingress = this.#ingress(inputs, input);
    const ofInput = ingress?.processors ?? [];
    const target = output && !isDropped(output, processors.length + ofInput.length > 0) ? output : undefined;
    const common = { refusesFailedRecords: handling.refusesFailed, takesBatches: ingress?.batching !== undefined, resources };
    const before = [...ofInput, ...processors];
    const egresses = this.#egresses(outputs, output, before);
    const isAlone = handling.isAlone && egresses.length === 0;
    return {
      ingresses: ingress ? [withTarget(ingress, target)] : [],
      egresses: egresses.map((egress) => ({ ...egress, ...common })),
      outputs: this.#outputs(isKinesis(input) ? target : undefined, before).map((one) => ({ ...one, ...common })),
      pipelines: needsLanes ? [] : this.#pipelines({ input, output, processors }, { ...handling, isAlone, resources }),
    };
  }

  #warnAboutThreads(threads: number): void {
    const pipeline = this.#root.get('pipeline');
    const entry = pipeline instanceof MapNode ? pipeline.entry('threads') : undefined;
    if (entry && threads !== -1)
      this.#context.log.warn('section.ignored', entry.key.position, '`pipeline.threads` has no effect: start more workers to scale');
  }

  #egresses(outputs: ReadonlyMap<string, Component>, output: Component | undefined, before: readonly ProcessorSettings[]): EgressDraft[] {
    const egresses: EgressDraft[] = [];
    for (const resource of outputs.values()) {
      const path = `output_resources.${resource.label}`;
      const isOutput = resource === output;
      if (!isKinesis(resource)) compileComponent('output', resource, path, this.#context);
      const draft =
        isKinesis(resource) &&
        compileOutput(resource, path, isOutput ? [...before, ...this.#outerProcessors('output')] : [], this.#context);
      if (draft) egresses.push(draft);
    }
    if (!output || !isKinesis(output) || [...outputs.values()].includes(output)) return egresses;
    const draft = compileOutput(output, 'output', before, this.#context);
    return draft ? [...egresses, draft] : egresses;
  }

  /** An output of records that come from lanes, and is not Kinesis. */
  #outputs(output: Component | undefined, before: readonly ProcessorSettings[]): Pick<OutputEgressDraft, 'id' | 'position' | 'output'>[] {
    if (!output || isKinesis(output)) return [];
    const compiled = this.#end('output', output);
    if (!compiled) return [];
    refuseInLanes(compiled, this.#context.log);
    return [{ id: idOf(output), position: output.position, output: { ...compiled, processors: [...before, ...compiled.processors] } }];
  }

  /** Resources that nothing refers to are checked, but read nothing. */
  #ingress(inputs: ReadonlyMap<string, Component>, input: Component | undefined): IngressDraft | undefined {
    for (const resource of inputs.values()) {
      const path = `input_resources.${resource.label}`;
      if (!isKinesis(resource)) compileComponent('input', resource, path, this.#context);
      else if (resource !== input) {
        compileInput(resource, path, this.#context);
        compileProcessors(resource.node.get('processors'), `${path}.processors`, this.#context);
      }
    }
    if (!input || !isKinesis(input)) return undefined;
    const draft = compileInput(input, 'input', this.#context);
    const own = this.#inputProcessors(inputs, input);
    if (!draft?.batching) return draft && { ...draft, batching: undefined, processors: own };
    const { processors: ofBatching, ...batching } = draft.batching;
    return { ...draft, batching, processors: [...ofBatching, ...own] };
  }

  /** Of an input whose records go through lanes. */
  #inputProcessors(inputs: ReadonlyMap<string, Component>, input: Component): ProcessorSettings[] {
    const own = compileProcessors(input.node.get('processors'), 'input.processors', this.#context);
    return inputs.get(input.label ?? '') === input ? [...own, ...this.#outerProcessors('input')] : own;
  }

  /** What runs in one process: an input or an output that needs no lanes, with what Benthos takes for one that the file does not name. */
  #pipelines(
    { input, output, processors }: { input?: Component | undefined; output?: Component | undefined; processors: ProcessorSettings[] },
    { bufferFields, isAlone, ...handling }: Handling,
  ): Pipeline[] {
    if (!input && !output && !isAlone) return [];
    const compiledInput = this.#end('input', input);
    const compiledOutput = this.#end('output', output);
    const buffer = compileBuffer(bufferFields, this.#root.get('buffer'), this.#context);
    return compiledInput && compiledOutput ? [{ input: compiledInput, buffer, processors, output: compiledOutput, ...handling }] : [];
  }

  #end(kind: 'input' | 'output', component: Component | undefined): ComponentSettings | undefined {
    const node = this.#root.get(kind);
    if (!component) return node ? undefined : compileComponent(kind, standardStream(kind, this.#root), kind, this.#context);
    // What stands among the resources, and an egress, was compiled before: its problems are known.
    const isKnown = isKinesis(component) || (node instanceof MapNode && node.get('resource') !== undefined);
    const compiled = compileComponent(kind, component, kind, isKnown ? this.#context.silenced() : this.#context);
    const outer = this.#outerProcessors(kind);
    return (
      compiled && { ...compiled, processors: kind === 'input' ? [...compiled.processors, ...outer] : [...outer, ...compiled.processors] }
    );
  }

  /** Processors beside `resource: label`, which run in addition to those of the resource. */
  #outerProcessors(kind: 'input' | 'output'): ProcessorSettings[] {
    const node = this.#root.get(kind);
    return node instanceof MapNode && node.get('resource')
      ? compileProcessors(node.get('processors'), `${kind}.processors`, this.#context)
      : [];
  }
}

/** Served where the file names an address, or an input that is reached there. */
function httpOf({ http }: z.output<typeof benthosSchema>, root: MapNode): Pipeline['http'] {
  const node = root.get('http');
  if (http?.enabled === false || !http || !node) return undefined;
  return { address: http.address, rootPath: http.root_path, position: node.position };
}

const isKinesis = (component: Component | undefined): boolean => component?.type === 'aws_kinesis';

/** Records are read and dropped where they would come to nothing. */
const isDropped = ({ type, node }: Component, hasProcessors: boolean): boolean =>
  type === 'drop' && !hasProcessors && node.get('processors') === undefined;

const idOf = ({ label, type }: Component): string => `output/${label ?? type}`;

const withTarget = (ingress: IngressDraft, output: Component | undefined): IngressDraft => ({
  ...ingress,
  streams: ingress.streams.map((stream) => ({ ...stream, targets: output ? [targetOf(output)] : [] })),
});

const targetOf = (output: Component): TargetName => ({ name: idOf(output), position: output.position, isImplicit: true });

function labelledIn(node: ConfigNode | undefined): Map<string, ConfigNode> {
  const found = new Map<string, ConfigNode>();
  for (const item of node instanceof ListNode ? node.items : []) {
    const label = item instanceof MapNode ? item.get('label') : undefined;
    if (label?.kind === 'scalar' && label.text !== '' && !found.has(label.text)) found.set(label.text, item);
  }
  return found;
}
