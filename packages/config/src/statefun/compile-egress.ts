import { formatTypeName } from '@sluice/function-protocol/type-name';
import type { AwsSettings } from '../model/aws.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import { noResources } from '../model/resources.ts';
import { compileCredentials, compileRegion, credentialProperties } from './aws.ts';
import { suggestField } from './compile-ingress.ts';
import { compileEgressProperties, type ProducerSettings } from './egress-properties.ts';
import { readProperties } from './properties.ts';
import type { SpecReader } from './spec-reader.ts';

const FIELDS = ['id', 'awsRegion', 'awsCredentials', 'maxOutstandingRecords', 'clientConfigProperties'];
const CHAIN_REGION = '<default-provider-chain>';

export function compileEgress(spec: SpecReader): EgressDraft {
  const id = formatTypeName(spec.typeName('id'));
  const { region, endpoint } = compileRegion(spec);
  const credentials = compileCredentials(spec);
  const maxOutstandingRecords = spec.int('maxOutstandingRecords', 1000);
  if (maxOutstandingRecords <= 0) throw spec.fault('maxOutstandingRecords', 'max outstanding records must be larger than 0');
  const { producer, connectorProperties } = compileEgressProperties(readProperties(spec), spec);
  spec.warnAboutUnknown(FIELDS, (name, known) =>
    name === 'stream'
      ? `; each record names its stream, and that of a direct route is \`sluice.egresses."${id}".stream\``
      : suggestField(name, known),
  );
  const url = endpoint && URL.parse(endpoint.url);
  if (endpoint && !url?.hostname)
    spec.log.error('connector.invalid-value', endpoint.position, `\`endpoint\`: expected \`https://host:port\`, got \`${endpoint.url}\``);
  return {
    id,
    position: spec.node.position,
    aws: { region, endpoint: egressEndpoint(url, producer), credentials, assumeRole: undefined, http: producer.http } satisfies AwsSettings,
    stream: { type: 'record', default: undefined },
    partitionKey: { type: 'record' },
    hashKey: { type: 'record' },
    aggregation: producer.aggregation,
    maxInFlight: 64,
    maxOutstandingRecords,
    batching: undefined,
    retry: { initialIntervalMs: 1_000, maxIntervalMs: 5_000, maxElapsedMs: producer.writer.recordTtlMs ?? 30_000, maxRetries: 0 },
    writer: producer.writer,
    processors: [],
    refusesFailedRecords: false,
    takesBatches: false,
    resources: noResources,
    connectorProperties: {
      ...connectorProperties,
      'aws.region': region ?? CHAIN_REGION,
      ...(url && { KinesisEndpoint: url.hostname, ...(url.port !== '' && { KinesisPort: url.port }) }),
      ...credentialProperties(credentials),
    },
  };
}

/** The producer takes host and port alone and always speaks TLS; a path is dropped. */
function egressEndpoint(url: URL | null | undefined, { host, port }: ProducerSettings): string | undefined {
  if (url) return `${url.protocol}//${url.host}`;
  return host === '' ? undefined : `https://${host}${port === 443 ? '' : `:${port}`}`;
}
