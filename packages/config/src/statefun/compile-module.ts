import { badTypeName, formatTypeName, parseTypeName } from '@sluice/function-protocol/type-name';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { IngressDraft } from '../model/ingress-draft.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { nearest } from '../schema/suggest.ts';
import { type ConfigNode, describeNode, MapNode } from '../yaml/node.ts';
import { ownValue } from '../yaml/own-value.ts';
import { compileEgress } from './compile-egress.ts';
import { compileEndpoint } from './compile-endpoint.ts';
import { compileIngress } from './compile-ingress.ts';
import { asText, reportingFaults, SpecFault, SpecReader } from './spec-reader.ts';

export type ModuleComponent =
  | { readonly type: 'ingress'; readonly ingress: IngressDraft }
  | { readonly type: 'egress'; readonly egress: EgressDraft }
  | { readonly type: 'endpoint'; readonly endpoint: Endpoint };

const INGRESS = 'io.statefun.kinesis.v1/ingress';
const EGRESS = 'io.statefun.kinesis.v1/egress';
const ENDPOINT_V1 = 'io.statefun.endpoints.v1/http';
const ENDPOINT_V2 = 'io.statefun.endpoints.v2/http';
const KINDS = [INGRESS, EGRESS, ENDPOINT_V1, ENDPOINT_V2];

/** Kinds of other versions, and what to write instead. */
const RENAMED: Readonly<Record<string, string>> = {
  'io.statefun.kinesis/ingress': `that is its name in a \`version: "3.0"\` document; write \`kind: ${INGRESS}\``,
  'io.statefun.kinesis/egress': `that is its name in a \`version: "3.0"\` document; write \`kind: ${EGRESS}\``,
  'statefun.kinesis.io/routable-protobuf-ingress': `that is its name in Stateful Functions 2; write \`kind: ${INGRESS}\`, and \`valueType\` in place of \`typeUrl\``,
  'statefun.kinesis.io/generic-egress': `that is its name in Stateful Functions 2; write \`kind: ${EGRESS}\``,
};

/** One document of the multi-document form: an object with `kind` and `spec`. */
export function compileModuleDocument(root: ConfigNode, log: ProblemLog): ModuleComponent | undefined {
  return reportingFaults(log, () => {
    if (!(root instanceof MapNode))
      throw new SpecFault(
        'field.type',
        root.position,
        `a component should be an object with the required fields \`kind\` and \`spec\`, got ${describeNode(root)}`,
      );
    if (root.get('version') && root.get('module')) {
      throw new SpecFault(
        'document.unknown',
        root.position,
        'a `version:` document must be the only one in its file: remove what stands before and after it, a trailing `---` too',
      );
    }
    const [kind, spec] = [root.get('kind'), root.get('spec')];
    if (!kind || !spec)
      throw new SpecFault(
        'field.missing',
        root.position,
        `required field \`${kind ? 'spec' : 'kind'}\` is missing: a component is an object with \`kind\` and \`spec\``,
      );
    warnAboutRepeated(root, log);
    refuseSpecialFloats(root);
    return compileComponent(asText(kind), kind, spec, log);
  });
}

/** Compiles the component `kindText`, whose spec is `spec`. */
export function compileComponent(kindText: string, kind: ConfigNode, spec: ConfigNode | undefined, log: ProblemLog): ModuleComponent {
  const typeName = parseTypeName(kindText);
  const renamed = ownValue(RENAMED, kindText);
  if (renamed) throw new SpecFault('component.unknown', kind.position, `unknown kind \`${kindText}\`: ${renamed}`);
  if (!typeName) throw new SpecFault('field.value', kind.position, `invalid kind: ${badTypeName(kindText)}; there are ${KINDS.join(', ')}`);
  const name = formatTypeName(typeName);
  if (!KINDS.includes(name)) throw new SpecFault('component.unknown', kind.position, unknownKind(name));
  if (!(spec instanceof MapNode)) {
    const found = spec ? `, got ${describeNode(spec)}` : '';
    throw new SpecFault('field.type', spec?.position ?? kind.position, `\`spec\` of \`${name}\`: expected an object${found}`);
  }
  const reader = new SpecReader(spec, 'spec', log);
  if (name === INGRESS) return { type: 'ingress', ingress: compileIngress(reader) };
  if (name === EGRESS) return { type: 'egress', egress: compileEgress(reader) };
  return { type: 'endpoint', endpoint: compileEndpoint(reader, name === ENDPOINT_V1 ? 'v1' : 'v2') };
}

function unknownKind(name: string): string {
  if (name.startsWith('io.statefun.kafka'))
    return `\`${name}\` is not supported: Sluice moves records into and out of Kinesis only; it supports ${KINDS.join(', ')}`;
  const suggestion = nearest(name, KINDS);
  return `unknown kind \`${name}\`${suggestion ? `; did you mean \`${suggestion}\`?` : `; there are ${KINDS.join(', ')}`}`;
}

const SPECIAL_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The original's reader cannot turn these into a number and gives up on the file. */
export function refuseSpecialFloats(node: ConfigNode): void {
  if (node.kind === 'list') for (const item of node.items) refuseSpecialFloats(item);
  else if (node.kind === 'map') for (const { value } of node.entries) refuseSpecialFloats(value);
  else if (node.style === 'plain' && SPECIAL_FLOAT.test(node.text))
    throw new SpecFault('field.value', node.position, `\`${node.text}\` is no number that a module.yaml may hold; put a text into quotes`);
}

function warnAboutRepeated(root: MapNode, log: ProblemLog): void {
  for (const name of ['kind', 'spec']) {
    const [first, second] = root.entries.filter(({ key }) => key.text === name);
    if (first && second)
      log.tolerate(
        'module.dropped-data',
        first.key.position,
        `\`${name}\` is set again at line ${second.key.position.line}; that one wins`,
      );
  }
}
