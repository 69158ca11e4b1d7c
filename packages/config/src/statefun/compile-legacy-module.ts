import type { ProblemLog } from '../problem/problem.ts';
import { resolveJacksonScalar } from '../yaml/jackson-scalar.ts';
import { type ConfigNode, describeNode, isNullText, ListNode, MapNode, ScalarNode } from '../yaml/node.ts';
import { ownValue } from '../yaml/own-value.ts';
import { compileComponent, type ModuleComponent, refuseSpecialFloats } from './compile-module.ts';
import { reportingFaults, SpecFault } from './spec-reader.ts';

/** Names that a `version: "3.0"` document has for today's kinds. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  http: 'io.statefun.endpoints.v1/http',
  'io.statefun.kinesis/ingress': 'io.statefun.kinesis.v1/ingress',
  'io.statefun.kinesis/egress': 'io.statefun.kinesis.v1/egress',
};

/** The form of Stateful Functions 3.0: one document that lists all components under `module`. */
export function compileLegacyModule(root: MapNode, log: ProblemLog): ModuleComponent[] {
  return (
    reportingFaults(log, () => {
      refuseSpecialFloats(root);
      requireVersion(root);
      requireRemote(root);
      const module = root.get('module');
      const spec = module instanceof MapNode ? module.get('spec') : undefined;
      if (!spec || (spec instanceof ScalarNode && isNullText(spec)))
        throw new SpecFault('field.missing', module?.position ?? root.position, 'a module without a spec: `module.spec` is missing');
      return (['endpoint', 'ingress', 'egress'] as const).flatMap((item) => compileList(spec, item, log));
    }) ?? []
  );
}

function requireVersion(root: MapNode): void {
  const version = root.get('version')!;
  if (!(version instanceof ScalarNode) || resolveJacksonScalar(version).type !== 'string') {
    throw new SpecFault('field.type', version.position, '`version` must be a text: put it into quotes, `version: "3.0"`');
  }
  if (version.text === '3.0') return;
  if (version.text === '1.0' || version.text === '2.0') {
    throw new SpecFault(
      'field.value',
      version.position,
      `only format versions higher than or equal to 3.0 are supported, this is ${version.text}; from 3.1 on each component is a document of its own with \`kind\` and \`spec\``,
    );
  }
  throw new SpecFault(
    'field.value',
    version.position,
    `unrecognized format version \`${version.text}\`: the only one is "3.0"; from 3.1 on each component is a document of its own with \`kind\` and \`spec\`, without \`version\``,
  );
}

function requireRemote(root: MapNode): void {
  const type = at(root, 'module', 'meta', 'type');
  if (!(type instanceof ScalarNode) || resolveJacksonScalar(type).type !== 'string') {
    throw new SpecFault(
      'field.missing',
      type?.position ?? root.get('module')?.position ?? root.position,
      'unable to find a module type: write `module: {meta: {type: remote}, …}`',
    );
  }
  if (type.text.toLowerCase() === 'remote') return;
  throw new SpecFault('field.value', type.position, `unknown module type \`${type.text}\`; supported: remote`);
}

const at = (node: ConfigNode | undefined, ...path: readonly string[]): ConfigNode | undefined =>
  path.reduce<ConfigNode | undefined>((below, name) => (below instanceof MapNode ? below.get(name) : undefined), node);

const LISTS = { endpoint: 'endpoints', ingress: 'ingresses', egress: 'egresses' };

function compileList(spec: ConfigNode, item: keyof typeof LISTS, log: ProblemLog): ModuleComponent[] {
  const list = at(spec, LISTS[item]);
  if (!list) return [];
  if (!(list instanceof ListNode))
    throw new SpecFault('field.type', list.position, `\`${LISTS[item]}\`: expected a list, got ${describeNode(list)}`);
  return list.items.flatMap((entry) => reportingFaults(log, () => compileItem(entry, item, log)) ?? []);
}

/** `{ingress: {meta: {type, id}, spec}}`; the id of `meta` is written over one in the spec. */
function compileItem(entry: ConfigNode, item: keyof typeof LISTS, log: ProblemLog): ModuleComponent {
  const kindName = item === 'endpoint' ? 'kind' : 'type';
  const kind = requireText(entry, item, 'meta', kindName);
  const spec = at(entry, item, 'spec');
  const kindText = ownValue(CONVERSIONS, kind.text) ?? kind.text;
  if (item === 'endpoint') return compileComponent(kindText, kind, spec, log);
  const id = requireText(entry, item, 'meta', 'id');
  if (!(spec instanceof MapNode)) return compileComponent(kindText, kind, spec, log);
  const own = spec.entry('id');
  if (own) log.tolerate('module.dropped-data', own.key.position, `\`id\` of the spec has no effect: that of \`meta\` is written over it`);
  const entries = [
    ...spec.entries.filter(({ key }) => key.text !== 'id'),
    { key: new ScalarNode(id.origin, id.offset, 'id', 'plain'), value: id },
  ];
  return compileComponent(kindText, kind, new MapNode(spec.origin, spec.offset, entries), log);
}

function requireText(entry: ConfigNode, ...path: readonly string[]): ScalarNode {
  const node = at(entry, ...path);
  if (!node) throw new SpecFault('field.missing', entry.position, `missing key /${path.join('/')}`);
  if (node instanceof ScalarNode && resolveJacksonScalar(node).type === 'string') return node;
  throw new SpecFault('field.type', node.position, `/${path.join('/')}: expected a text, got ${describeNode(node)}`);
}
