/** The processors that a test is about, with mocks in the place of some. Nothing else of the file is checked. */
import { join } from 'node:path';
import { benthosContext } from '../benthos/compile-document.ts';
import { compileProcessors } from '../benthos/compile-processors.ts';
import { compileResources } from '../benthos/compile-resources.ts';
import { applyOverride } from '../benthos/overrides.ts';
import { errorHandlingSchema } from '../benthos/schema/root.ts';
import type { Environment } from '../environment/env-vars.ts';
import type { ProcessorSettings } from '../model/processor.ts';
import { noResources, type ResourcesSettings } from '../model/resources.ts';
import { ProblemLog } from '../problem/problem.ts';
import { bloblangChecker } from '../schema/bloblang-checker.ts';
import { readSection } from '../schema/read-section.ts';
import { expandGlobs, readAll } from '../source/read-files.ts';
import { readTemplates } from '../templates/template.ts';
import { type ConfigNode, describeNode, ListNode, type MapEntry, MapNode, ScalarNode } from '../yaml/node.ts';
import type { ProcessorTest } from './processor-test.ts';
import { type Read, readRoot } from './read-root.ts';

/** With the caches and rate limits of the same file. */
export interface TestedProcessors {
  readonly processors: readonly ProcessorSettings[];
  readonly resources: ResourcesSettings;
  /** Whether the file refuses messages whose processing failed (`error_handling.strict`). */
  readonly refusesFailed: boolean;
}

const NOTHING: TestedProcessors = { processors: [], resources: noResources, refusesFailed: false };

/**
 * @param path the configuration that the test stands beside; a target may name another, relative to its `folder`
 * @param templates files, or globs of them, with templates of components
 */
export async function loadTestedProcessors(
  { processors, mocks, environment, position }: ProcessorTest,
  path: string,
  folder: string,
  env: Environment,
  templates: readonly string[],
): Promise<Read<TestedProcessors>> {
  const templatesLog = new ProblemLog();
  const known = readTemplates(await readAll(await expandGlobs(templates, templatesLog), templatesLog), templatesLog);
  const hash = processors.indexOf('#');
  const file = hash > 0 ? join(folder, processors.slice(0, hash)) : path;
  const target = processors.slice(hash + 1);
  const read = await readRoot(file, { ...env, ...environment }, (root, log) => {
    if (!root) return NOTHING;
    const mocked = mocks.reduce((below, mock) => withMock(below, mock, log), root);
    const segments = target.startsWith('/') ? segmentsOf(target) : resourcePath(mocked, target);
    const node = segments && nodeAt(mocked, segments);
    if (!node) {
      const what = target.startsWith('/') ? 'there is nothing at' : 'no processor resource is labelled';
      log.error('target.unresolved', position, `target_processors: ${what} \`${target}\``);
      return NOTHING;
    }
    const list = node instanceof ListNode ? node : new ListNode(node.origin, node.offset, [node]);
    const context = benthosContext(mocked, bloblangChecker, log, { templates: known });
    return {
      processors: compileProcessors(list, segments.join('.'), context),
      resources: compileResources(mocked, context),
      refusesFailed: isStrict(mocked, log),
    };
  });
  return { ...read, problems: [...templatesLog.problems, ...read.problems] };
}

function isStrict(root: MapNode, log: ProblemLog): boolean {
  const node = root.get('error_handling');
  return (node && readSection(errorHandlingSchema, node, 'error_handling', log).value?.strict) ?? false;
}

const segmentsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

const nodeAt = (root: ConfigNode, path: readonly string[]): ConfigNode | undefined =>
  path.reduce<ConfigNode | undefined>((node, segment) => childOf(node, segment), root);

function childOf(node: ConfigNode | undefined, segment: string): ConfigNode | undefined {
  if (node instanceof ListNode) return node.items[Number(segment)];
  return node instanceof MapNode ? node.get(segment) : undefined;
}

function resourcePath(root: MapNode, label: string): string[] | undefined {
  const list = root.get('processor_resources');
  const index = list instanceof ListNode ? list.items.findIndex((item) => labelOf(item) === label) : -1;
  return index === -1 ? undefined : ['processor_resources', String(index)];
}

const labelOf = (node: ConfigNode): string | undefined => {
  const label = node instanceof MapNode ? node.get('label') : undefined;
  return label instanceof ScalarNode ? label.text : undefined;
};

function withMock(root: MapNode, { key, value }: MapEntry, log: ProblemLog): MapNode {
  if (!(value instanceof MapNode)) {
    log.error('field.type', value.position, `mock \`${key.text}\`: expected a processor, got ${describeNode(value)}`);
    return root;
  }
  const path = key.text.startsWith('/') ? segmentsOf(key.text) : pathOfLabel(root, key.text);
  const replaced = path && nodeAt(root, path);
  if (!replaced) {
    log.error('target.unresolved', key.position, `mock \`${key.text}\`: there is no such processor`);
    return root;
  }
  return applyOverride(root, { path, value: labelled(value, replaced), key }, log) as MapNode;
}

/** A mock keeps the label of what it stands for, unless it has its own. */
function labelled(mock: MapNode, replaced: ConfigNode): MapNode {
  const label = replaced instanceof MapNode ? replaced.entry('label') : undefined;
  return label && !mock.entry('label') ? new MapNode(mock.origin, mock.offset, [label, ...mock.entries]) : mock;
}

/** Where the component with a label stands. */
function pathOfLabel(node: ConfigNode, label: string): string[] | undefined {
  if (labelOf(node) === label) return [];
  const children = node instanceof ListNode ? node.items.entries() : node instanceof MapNode ? node.entries.map(named) : [];
  for (const [name, child] of children) {
    const below = pathOfLabel(child, label);
    if (below) return [String(name), ...below];
  }
  return undefined;
}

const named = ({ key, value }: MapEntry): [string, ConfigNode] => [key.text, value];
