import type { JsonSchema } from '@sluice/config';
import type { Dialect } from './dialect.ts';
import { benthosSchema, moduleSchema, sluiceSchema } from './schema.ts';

/** A document to begin with: what is written whatever its size; descriptions and the rest come from the schema. */
export interface StartingDocument {
  /** Says what it is for. */
  readonly title: string;
  readonly schema: JsonSchema;
  readonly content: Readonly<Record<string, unknown>>;
  /** Small in a full configuration too. */
  readonly isAside?: true;
}

const EGRESS_ID = 'com.example/orders-by-customer';

const benthos: StartingDocument = {
  title: 'Reads one Kinesis stream and writes to another, as a Benthos file.',
  schema: benthosSchema,
  content: {
    input: { label: 'orders', aws_kinesis: { streams: ['orders'] } },
    pipeline: { processors: [{ mapping: 'root = this' }] },
    output: {
      label: 'by_customer',
      aws_kinesis: {
        stream: 'orders-by-customer',
        partition_key: '${! json("customer.id") }',
        batching: { count: 500, period: '100ms' },
      },
    },
  },
};

const ingress = (target: string): StartingDocument => {
  const kind = 'io.statefun.kinesis.v1/ingress';
  const streams = [{ stream: 'orders', valueType: 'com.example/Order', targets: [target] }];
  const spec = { id: 'com.example/orders', awsRegion: { type: 'default' }, startupPosition: { type: 'latest' }, streams };
  return { title: 'Where records come from, as a module.yaml.', schema: moduleSchema(kind), content: { kind, spec } };
};

const egress = (): StartingDocument => {
  const kind = 'io.statefun.kinesis.v1/egress';
  const spec = { id: EGRESS_ID, awsRegion: { type: 'default' } };
  return { title: 'Where records go.', schema: moduleSchema(kind), content: { kind, spec } };
};

const endpoint = (): StartingDocument => {
  const kind = 'io.statefun.endpoints.v2/http';
  const spec = { functions: 'com.example.fn/*', urlPathTemplate: 'http://functions.example.com:8000/{function.name}' };
  return { title: 'Where functions are served; an ingress names them as targets.', schema: moduleSchema(kind), content: { kind, spec } };
};

const streamOfEgress = (): StartingDocument => ({
  title: 'What a module.yaml cannot say: the stream of an egress that an ingress feeds directly.',
  schema: sluiceSchema,
  content: { sluice: { egresses: { [EGRESS_ID]: { stream: 'orders-by-customer' } } } },
  isAside: true,
});

const settings: StartingDocument = {
  title: 'Settings that neither a Benthos file nor a module.yaml has. Keep them in a separate file.',
  schema: sluiceSchema,
  content: { sluice: { redis: { url: 'redis://127.0.0.1:6379', prefix: 'sluice' }, lanes: 16, ordering: 'key' } },
};

export function startingDocuments(dialect: Dialect, isFull: boolean): readonly StartingDocument[] {
  switch (dialect) {
    case 'benthos':
      return [benthos];
    case 'module':
      return [ingress(EGRESS_ID), egress(), streamOfEgress(), ...(isFull ? [endpoint()] : [])];
    case 'sluice':
      return [settings];
  }
}
