import { badTypeName, formatTypeName, parseTypeName } from '@sluice/function-protocol/type-name';
import type { IngressDraft, IngressStreamDraft, TargetName } from '../model/ingress-draft.ts';
import { didYouMean } from '../schema/suggest.ts';
import { type ConfigNode, describeNode, isNullText, ListNode, MapNode } from '../yaml/node.ts';
import { compileCredentials, compileRegion, credentialProperties } from './aws.ts';
import { CONSUMER_ARN, CONSUMER_NAME, REGISTRATION } from './flink-properties.ts';
import { compileIngressProperties, type IngressProperties } from './ingress-properties.ts';
import { readProperties } from './properties.ts';
import { asText, SpecFault, SpecReader } from './spec-reader.ts';
import { compileStart } from './startup-position.ts';

const FIELDS = ['id', 'awsRegion', 'awsCredentials', 'startupPosition', 'streams', 'clientConfigProperties'];
/** Stands for a region that is looked up when the client is made. */
const CHAIN_REGION = '<default-provider-chain>';

export function compileIngress(spec: SpecReader): IngressDraft {
  const id = formatTypeName(spec.typeName('id'));
  const { region, endpoint } = compileRegion(spec);
  const credentials = compileCredentials(spec);
  const { start, connectorProperties: startProperties } = compileStart(spec);
  const streams = compileStreams(spec);
  const properties = compileIngressProperties(readProperties(spec), spec);
  spec.warnAboutUnknown(FIELDS, suggestField);
  checkFanOut(properties, streams, spec);
  return {
    id,
    position: spec.node.position,
    aws: {
      region,
      endpoint: chooseEndpoint(endpoint?.url, properties, spec),
      credentials,
      assumeRole: undefined,
      http: properties.http,
    },
    start,
    streams,
    reader: properties.reader,
    processors: [],
    batching: undefined,
    connectorProperties: {
      ...properties.connectorProperties,
      'aws.region': region ?? CHAIN_REGION,
      ...(endpoint && { 'aws.endpoint': endpoint.url }),
      ...credentialProperties(credentials),
      ...startProperties,
    },
  };
}

export const suggestField = (name: string, known: readonly string[]): string => {
  if (name === 'clientConfig' || name === 'properties') return '; did you mean `clientConfigProperties`?';
  return didYouMean(name, known);
};

/** `aws.endpoint` holds unless a custom endpoint is written over it. */
function chooseEndpoint(custom: string | undefined, { endpoint }: IngressProperties, { log }: SpecReader): string | undefined {
  if (!endpoint) return custom;
  if (custom !== undefined) {
    log.tolerate(
      'module.ineffective',
      endpoint.keyNode.position,
      '`aws.endpoint` never takes effect: the endpoint of `awsRegion` is written over it',
    );
    return custom;
  }
  if (/^https?:$/.test(URL.parse(endpoint.value)?.protocol ?? '')) return endpoint.value;
  log.error(
    'connector.invalid-value',
    endpoint.valueNode.position,
    `\`aws.endpoint\`: expected \`http://host:port\` or \`https://host:port\`, got \`${endpoint.value}\``,
  );
  return undefined;
}

/** What the original's connector checks when it starts. */
function checkFanOut(
  { reader: { fanOut }, connectorProperties }: IngressProperties,
  streams: readonly IngressStreamDraft[],
  { log, node }: SpecReader,
): void {
  if (!fanOut) return;
  const isRegistered = connectorProperties[REGISTRATION] === 'NONE';
  const position = node.get('clientConfigProperties')?.position ?? node.position;
  if (!isRegistered && !connectorProperties[CONSUMER_NAME]) {
    log.error('connector.invalid-value', position, `no valid enhanced fan-out consumer name is set: add the property \`${CONSUMER_NAME}\``);
  }
  const missing = streams.find(({ stream }) => connectorProperties[CONSUMER_ARN + stream] === undefined);
  if (isRegistered && missing) {
    log.error(
      'connector.invalid-value',
      position,
      `with \`${REGISTRATION}: NONE\` each stream needs its consumer: add \`${CONSUMER_ARN}${missing.stream}\``,
    );
  }
}

function compileStreams(spec: SpecReader): IngressStreamDraft[] {
  const node = spec.get('streams');
  if (!node || (node instanceof ListNode && node.items.length === 0)) {
    throw new SpecFault(
      'field.missing',
      node?.position ?? spec.node.position,
      'routing config for routable Kinesis ingress cannot be empty: name at least one of `streams`',
    );
  }
  if (!(node instanceof ListNode)) throw spec.fault('streams', `expected a list of objects, got ${describeNode(node)}`, 'field.type');
  const streams = new Map<string, IngressStreamDraft>();
  for (const [index, item] of node.items.entries()) {
    const compiled = compileStream(item, index, spec);
    const before = streams.get(compiled.stream);
    if (before) {
      spec.log.tolerate(
        'module.dropped-data',
        before.position,
        `stream \`${compiled.stream}\` is configured again at line ${compiled.position.line}; that entry wins and this one is dropped`,
      );
    }
    streams.set(compiled.stream, compiled);
  }
  return [...streams.values()];
}

function compileStream(item: ConfigNode, index: number, parent: SpecReader): IngressStreamDraft {
  if (!(item instanceof MapNode))
    throw new SpecFault(
      'field.type',
      item.position,
      `\`streams.${index}\`: expected an object with \`stream\`, \`valueType\` and \`targets\`, got ${describeNode(item)}`,
    );
  const spec = new SpecReader(item, `${parent.path}.streams.${index}`, parent.log);
  const stream = spec.text('stream');
  if (stream === '') spec.log.error('connector.invalid-value', spec.require('stream').position, '`stream`: stream names cannot be empty');
  if (stream.startsWith('arn:'))
    spec.log.warn(
      'connector.invalid-value',
      spec.require('stream').position,
      '`stream`: Stateful Functions knows streams by name only; an ARN works in Sluice alone',
    );
  const valueTypeField = !spec.get('valueType') && spec.get('typeUrl') ? 'typeUrl' : 'valueType';
  if (valueTypeField === 'typeUrl')
    spec.log.tolerate(
      'module.documented-mistake',
      spec.require('typeUrl').position,
      '`typeUrl` is the name of `valueType` in Stateful Functions 2; write `valueType`',
    );
  const valueType = spec.textual(valueTypeField);
  const targets = compileTargets(spec);
  spec.warnAboutUnknown(['stream', valueTypeField, 'targets'], didYouMean);
  return { stream, shardIds: undefined, valueType, targets, position: item.position };
}

/** A list's items; of an object its values. Anything else names no target, and its records are read and dropped. */
function compileTargets(spec: SpecReader): TargetName[] {
  const node = spec.require('targets');
  const items = node.kind === 'list' ? node.items : node.kind === 'map' ? node.entries.map(({ value }) => value) : [];
  if (items.length === 0) {
    const hint = node.kind === 'scalar' && !isNullText(node) ? `; write \`targets: [${node.text}]\`` : '';
    spec.log.tolerate(
      'module.dropped-data',
      node.position,
      `\`targets\` is ${node.kind === 'list' ? 'empty' : describeNode(node)}: no target is named, so the records are read and dropped${hint}`,
    );
  }
  return items.map((item) => {
    const typeName = parseTypeName(asText(item));
    if (!typeName) throw new SpecFault('field.value', item.position, badTypeName(asText(item)));
    return { name: formatTypeName(typeName), position: item.position, isImplicit: false };
  });
}
