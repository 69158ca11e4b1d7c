import type { BloblangSource, SourcePosition } from '../model/position.ts';
import type { ProcessorOption, ProcessorOptions, ProcessorSettings } from '../model/processor.ts';
import { readSection } from '../schema/read-section.ts';
import { didYouMean } from '../schema/suggest.ts';
import { type ConfigNode, describeNode, isNullText, ListNode, MapNode } from '../yaml/node.ts';
import { checkTexts } from './check-texts.ts';
import { compileSession } from './compile-session.ts';
import { type Component, LabelRegistry, list, readComponent } from './component.ts';
import type { BenthosContext, ProgramUse } from './context.ts';
import type { ResourceKind } from './resource-labels.ts';
import { processorTypes } from './schema/processors.ts';

const supportedProcessors: readonly string[] = Object.keys(processorTypes);

/** Options of types that hold lists of processors beside others. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  branch: ['processors'],
  cached: ['processors'],
  parallel: ['processors'],
  retry: ['processors'],
  try_catch: ['processors', 'catch'],
  while: ['processors'],
};

/** Options of types that name a cache or a rate limit. */
const RESOURCES: Readonly<Record<string, readonly [field: string, kind: ResourceKind]>> = {
  cache: ['resource', 'cache'],
  cached: ['cache', 'cache'],
  dedupe: ['cache', 'cache'],
  http: ['rate_limit', 'rate_limit'],
  rate_limit: ['resource', 'rate_limit'],
};

/** Where a processor stands that is within no other component. */
const OUTER = /^(?:pipeline\.processors|processor_resources)\.\d+$/;

/** Types whose value is a list of processors. */
const NESTING: ReadonlySet<string> = new Set(['processors', 'for_each', 'try', 'catch']);

/** The processors under `node`, as the model holds them, each label and Bloblang text checked. */
export function compileProcessors(node: ConfigNode | undefined, path: string, context: BenthosContext): ProcessorSettings[] {
  if (!node) return [];
  if (!(node instanceof ListNode)) {
    context.log.error('field.type', node.position, `\`${path}\`: expected a list, got ${describeNode(node)}`);
    return [];
  }
  return node.items.flatMap((item, index) => compileProcessor(item, `${path}.${index}`, context) ?? []);
}

/** Checks the processors that others refer to; each needs a label. */
export function compileProcessorResources(node: ConfigNode | undefined, context: BenthosContext): void {
  compileProcessors(node, 'processor_resources', context);
  for (const item of node instanceof ListNode ? node.items : []) {
    const label = item instanceof MapNode ? item.get('label') : undefined;
    const isNamed = label?.kind === 'scalar' && !isNullText(label) && label.text !== '';
    if (!isNamed) context.log.lint('field.missing', (label ?? item).position, 'the `label` of a resource must be unique and not empty');
  }
}

/** The processors of the `batching` below `options`, which are checked even where the rest of it is wrong. */
export function compileBatchProcessors(options: ConfigNode, path: string, context: BenthosContext): ProcessorSettings[] {
  const batching = options instanceof MapNode ? options.get('batching') : undefined;
  return batching instanceof MapNode ? compileProcessors(batching.get('processors'), `${path}.batching.processors`, context) : [];
}

function compileProcessor(node: ConfigNode, path: string, context: BenthosContext): ProcessorSettings | undefined {
  const { log } = context;
  const component = readComponent(
    node,
    {
      kind: 'processor',
      supported: supportedProcessors,
      isOuter: OUTER.test(path),
      onForeign: (type, position) =>
        log.error(
          'component.unsupported',
          position,
          `Sluice has no processor \`${type}\`${didYouMean(type, supportedProcessors)}; it supports ${list(supportedProcessors)}`,
        ),
    },
    context,
  );
  if (!component) return undefined;
  context.labels.add(component);
  const { type, label, position } = component;
  if (type === 'resource') return compileResource(component.options.kind === 'scalar' ? component.options.text : '', position, context);
  const problems = log.problems.length;
  const settings = { type, label, path: `root.${path}`, position, options: compileOptions(component, path, context) };
  if (log.problems.length === problems) checkTexts(settings, log);
  return settings;
}

/** `resource: label` becomes the processor that the label names. */
function compileResource(name: string, position: SourcePosition, context: BenthosContext): ProcessorSettings | undefined {
  const resource = context.processorResources.get(name);
  if (!resource) {
    const labels = [...context.processorResources.keys()];
    context.log.error(
      'target.unresolved',
      position,
      `no processor resource is labelled \`${name}\`${didYouMean(name, labels)}; there ${labels.length ? `are ${list(labels)}` : 'is none'}`,
    );
    return undefined;
  }
  if (context.resourcesInUse.has(name)) {
    context.log.error('target.unresolved', position, `processor resource \`${name}\` refers to itself`);
    return undefined;
  }
  context.resourcesInUse.add(name);
  // Its labels were counted where it is defined; it may be used any number of times.
  const compiled = compileProcessor(resource, 'processor_resources', { ...context, labels: new LabelRegistry(context.log) });
  context.resourcesInUse.delete(name);
  return compiled && { ...compiled, label: compiled.label ?? name };
}

function compileOptions({ type, options }: Component, path: string, context: BenthosContext): ProcessorOptions {
  const schema = processorTypes[type as keyof typeof processorTypes];
  const optionsPath = `${path}.${type}`;
  if (NESTING.has(type)) return { processors: compileProcessors(options, optionsPath, context) };
  if (type === 'noop') {
    if (options.kind !== 'map')
      context.log.error('field.type', options.position, `\`${optionsPath}\`: expected an object, got ${describeNode(options)}`);
    return {};
  }
  if (type === 'switch') return { cases: compileCases(options, optionsPath, context) };
  if (type === 'group_by') return { groups: compileGroups(options, optionsPath, context) };
  if (type === 'workflow') return compileWorkflow(options, optionsPath, context);
  if (type === 'glue_schema_registry_decode') return compileGlue(options, optionsPath, context);
  const { value, leaves } = readSection(schema, options, optionsPath, context.log);
  context.checkBloblang(leaves);
  if (value === undefined) return {};
  if (type === 'crash') return { message: value as BloblangSource };
  if (isBloblang(value) && value.source.trim() === '')
    context.log.error('bloblang.invalid', options.position, `\`${optionsPath}\`: must not be empty; write a mapping, or \`noop: {}\``);
  if (isBloblang(value)) return { mapping: value };
  if (type === 'command' || type === 'subprocess')
    context.programs.push(programUse(type, (value as ProcessorOptions)['name']!, options.position));
  if (type in RESOURCES) checkResource(value as ProcessorOptions, type, optionsPath, context, options.position);
  const nested = (LISTS[type] ?? []).map((name): [string, ProcessorSettings[]] => [
    name,
    compileProcessors(nodeIn(options, name), `${optionsPath}.${name}`, context),
  ]);
  return { ...(value as ProcessorOptions), ...Object.fromEntries(nested) };
}

const programUse = (type: string, name: ProcessorOption, position: SourcePosition): ProgramUse => {
  const text = isBloblang(name) ? name.source : String(name);
  return { type, name: text.includes('${!') ? undefined : text, position };
};

function checkResource(
  value: ProcessorOptions,
  type: string,
  path: string,
  { log, resourceLabels }: BenthosContext,
  at: SourcePosition,
): void {
  const [field, kind] = RESOURCES[type]!;
  const label = value[field] as string;
  if (type === 'http' && label === '') return;
  if (!resourceLabels.has(kind, label)) log.error('target.unresolved', at, `\`${path}.${field}\`: ${resourceLabels.missing(kind, label)}`);
}

const nodeIn = (node: ConfigNode, name: string): ConfigNode | undefined => (node instanceof MapNode ? node.get(name) : undefined);

function compileCases(node: ConfigNode, path: string, context: BenthosContext): ProcessorOption[] {
  const { value, leaves } = readSection(processorTypes.switch, node, path, context.log);
  context.checkBloblang(leaves);
  return (value ?? []).map(({ check, fallthrough, continue: goesOn, processors: list }, index) => {
    const processors = compileProcessors(list, `${path}.${index}.processors`, context);
    if (!list || (list.kind === 'list' && list.items.length === 0))
      context.log.error(
        'field.missing',
        (list ?? node).position,
        `\`${path}.${index}\`: a case needs \`processors\`; for none write \`[noop: {}]\``,
      );
    if (fallthrough && goesOn)
      context.log.error(
        'field.value',
        node.position,
        `\`${path}.${index}\`: a case cannot have both \`fallthrough\` and \`continue\`; choose one`,
      );
    return { check: check.source === '' ? null : check, fallthrough, continue: goesOn, processors };
  });
}

function compileGroups(node: ConfigNode, path: string, context: BenthosContext): ProcessorOption[] {
  const { value, leaves } = readSection(processorTypes.group_by, node, path, context.log);
  context.checkBloblang(leaves);
  return (value ?? []).map(({ check, processors }, index) => ({
    check,
    processors: compileProcessors(processors, `${path}.${index}.processors`, context),
  }));
}

/** Branches of its own, and those of resources that it names. */
function compileWorkflow(node: ConfigNode, path: string, context: BenthosContext): ProcessorOptions {
  const { value, leaves } = readSection(processorTypes.workflow, node, path, context.log);
  context.checkBloblang(leaves);
  if (value === undefined) return {};
  const { branches, branch_resources: resources, order, meta_path } = value;
  const own = Object.entries(branches).map(([name, { processors, ...maps }]) => ({
    name,
    branch: {
      ...{ type: 'branch', label: undefined, path: `root.${path}.branches.${name}`, position: node.position },
      options: { ...maps, processors: compileProcessors(processors, `${path}.branches.${name}.processors`, context) } as ProcessorOptions,
    },
  }));
  const named = new Set([...resources, ...order.flat()].filter((name) => !Object.hasOwn(branches, name)));
  const others = [...named].flatMap((name) => {
    const branch = compileResource(name, node.position, context);
    if (branch && branch.type !== 'branch')
      context.log.error('field.value', node.position, `\`${path}\`: expected \`${name}\` to be a \`branch\`, found \`${branch.type}\``);
    return branch ? [{ name, branch }] : [];
  });
  return { meta_path, order, branches: [...own, ...others] as unknown as ProcessorOption[] };
}

/** The session of its component stands in the place of the session's fields. */
function compileGlue(node: ConfigNode, path: string, { log }: BenthosContext): ProcessorOptions {
  const { value } = readSection(processorTypes.glue_schema_registry_decode, node, path, log);
  return value ? { avro_raw_json: value.avro_raw_json, aws: compileSession(value, node.position, log) } : {};
}

const isBloblang = (value: unknown): value is BloblangSource =>
  typeof value === 'object' && value !== null && 'source' in value && 'position' in value;
