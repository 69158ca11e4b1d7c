/**
 * A module.yaml for editors and for the reference. What the loader accepts is defined by the compile functions beside this file:
 * the original has rules that no schema expresses, such as dropping the second entry of a property.
 */
import { z } from 'zod';

const typeName = (description: string) =>
  z
    .string()
    .regex(/^[^/]*\/[^/]+\/*$/)
    .meta({ description, examples: ['com.example/users'] });
const scalar = () => z.union([z.string(), z.number(), z.boolean()]);

const region = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('default') }).meta({ description: 'The default chain of the AWS SDK.' }),
    z.strictObject({ type: z.literal('specific'), id: z.string().meta({ description: 'The region.', examples: ['eu-west-1'] }) }),
    z.strictObject({
      type: z.literal('custom-endpoint'),
      endpoint: z
        .string()
        .regex(/^[hH][tT][tT][pP][sS]:/)
        .meta({
          description:
            'An https URL. A plain-http one works, with a warning; the original refuses it and has the property `aws.endpoint` of an ingress for emulators.',
        }),
      id: z.string().meta({ description: 'The region to sign for.' }),
    }),
  ])
  .default({ type: 'default' })
  .meta({ description: 'The region.' });

const credentials = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('default') }).meta({ description: 'The default chain of the AWS SDK.' }),
    z.strictObject({
      type: z.literal('basic'),
      accessKeyId: scalar().meta({ description: 'The access key id.' }),
      secretAccessKey: scalar().meta({ description: 'The secret access key.', writeOnly: true }),
    }),
    z.strictObject({
      type: z.literal('profile'),
      profileName: z.string().meta({ description: 'The name of the profile.' }),
      profilePath: z.string().optional().meta({ description: 'A credentials file other than the default one.' }),
    }),
  ])
  .default({ type: 'default' })
  .meta({ description: 'The credentials.' });

const properties = (what: string) =>
  z
    .array(z.record(z.string(), scalar()).meta({ minProperties: 1, maxProperties: 1 }))
    .default([])
    .meta({
      description: `Properties of ${what}, one per list element; only the first entry of an element counts.`,
      examples: [[{ SocketTimeout: 9999 }]],
    });

const ingressSpec = z.strictObject({
  id: typeName('The id: `<namespace>/<name>`.'),
  awsRegion: region,
  awsCredentials: credentials,
  startupPosition: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('latest') }).meta({ description: 'Records that arrive from now on.' }),
      z.strictObject({ type: z.literal('earliest') }).meta({ description: 'Every record that the stream still holds.' }),
      z.strictObject({
        type: z.literal('date'),
        date: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} [+-]\d{4}$/)
          .meta({ description: 'yyyy-MM-dd HH:mm:ss.SSS Z', examples: ['2020-02-01 04:15:00.000 +0000'] }),
      }),
    ])
    .default({ type: 'latest' })
    .meta({ description: 'Where to start a shard that has no checkpoint.' }),
  streams: z
    .array(
      z.strictObject({
        stream: z.union([z.string(), z.number()]).meta({ description: 'The name of the stream.' }),
        valueType: z
          .string()
          .meta({ description: 'Type name of the values, passed to functions unchanged.', examples: ['com.example/User'] }),
        targets: z
          .array(typeName('An egress id, `output/<label>`, or a function type that an endpoint serves.'))
          .meta({ description: 'Where the records go. An empty list drops them.' }),
      }),
    )
    .min(1)
    .meta({ description: 'The streams to read.' }),
  clientConfigProperties: properties('the AWS client (`SocketTimeout`, …) and of the Kinesis consumer (`flink.…`, `aws.endpoint`)'),
});

const egressSpec = z.strictObject({
  id: typeName('The id: `<namespace>/<name>`.'),
  awsRegion: region,
  awsCredentials: credentials,
  maxOutstandingRecords: z.int().min(1).max(2_147_483_647).default(1000).meta({ description: 'Maximum number of records in flight.' }),
  clientConfigProperties: properties('the Kinesis producer (`AggregationEnabled`, `RecordTtl`, …)'),
});

const flinkDuration = (description: string, otherwise: string) =>
  z
    .union([z.string(), z.number()])
    .default(otherwise)
    .meta({ description, examples: ['10s', '1 min'] });

const timeouts = z
  .strictObject({
    call: flinkDuration('For a whole call.', '1 min'),
    connect: flinkDuration('For opening a connection.', '10s'),
    read: flinkDuration('For reading.', '10s'),
    write: flinkDuration('For writing.', '10s'),
  })
  .optional()
  .meta({ description: 'Timeouts.' });

const endpointFields = {
  functions: typeName('The functions that are served: `<namespace>/<name>`, or `<namespace>/*`.'),
  urlPathTemplate: z.string().meta({
    description: 'Their URL; `{function.name}` stands for the name of the function.',
    examples: ['http://host:8000/{function.name}'],
  }),
  maxNumBatchRequests: z.int().default(1000).meta({ description: 'Maximum number of invocations per call; 0 or less means no limit.' }),
};

const okHttp = z.strictObject({ type: z.literal('io.statefun.transports.v1/okhttp'), timeouts }).meta({ description: 'Blocking calls.' });

const asyncTransport = z
  .strictObject({
    type: z.literal('io.statefun.transports.v1/async').optional(),
    call: flinkDuration('For a whole call.', '2 min'),
    connect: flinkDuration('For opening a connection.', '20s'),
    pool_ttl: flinkDuration('How long a connection stays open.', '15s'),
    pool_size: z.int().default(1024).meta({ description: 'Connections.' }),
    payload_max_bytes: z.int().default(33_554_432).meta({ description: 'Maximum size of a response, in bytes.' }),
    trust_cacerts: z.string().optional().meta({ description: 'A file of certificates to trust.' }),
    client_cert: z.string().optional().meta({ description: 'File of the client certificate.' }),
    client_key: z.string().optional().meta({ description: "File of the client certificate's private key, PKCS 8." }),
    client_key_password: z.string().optional().meta({ description: 'A file that holds the password of the key.' }),
    timeouts,
  })
  .meta({ description: 'Asynchronous calls (default). `timeouts` wins over `call` and `connect` as a block.' });

/** The kinds of documents, with their specs. */
export const moduleDocuments = {
  ingress: z.strictObject({ kind: z.literal('io.statefun.kinesis.v1/ingress'), spec: ingressSpec }).meta({ description: 'Reads streams.' }),
  egress: z
    .strictObject({ kind: z.literal('io.statefun.kinesis.v1/egress'), spec: egressSpec })
    .meta({ description: 'Writes records; each names its stream.' }),
  endpointV2: z
    .strictObject({
      kind: z.literal('io.statefun.endpoints.v2/http'),
      spec: z.strictObject({
        ...endpointFields,
        transport: z.union([okHttp, asyncTransport]).optional().meta({ description: 'How functions are called.' }),
      }),
    })
    .meta({ description: 'Where functions are served.' }),
  endpointV1: z
    .strictObject({ kind: z.literal('io.statefun.endpoints.v1/http'), spec: z.strictObject({ ...endpointFields, timeouts }) })
    .meta({ description: 'Where functions are served, in the older form.' }),
};

const documents = z.discriminatedUnion('kind', [
  moduleDocuments.ingress,
  moduleDocuments.egress,
  moduleDocuments.endpointV2,
  moduleDocuments.endpointV1,
]);

const item = (name: string, kind: string) =>
  z.array(z.looseObject({ [name]: z.looseObject({ meta: z.looseObject({ [kind]: z.string() }), spec: z.looseObject({}) }) })).optional();

const legacyDocument = z
  .looseObject({
    version: z.literal('3.0'),
    module: z.looseObject({
      meta: z.looseObject({ type: z.string() }),
      spec: z.looseObject({ endpoints: item('endpoint', 'kind'), ingresses: item('ingress', 'type'), egresses: item('egress', 'type') }),
    }),
  })
  .meta({ description: 'The older form: all components in one document.' });

export const moduleSchema = z
  .union([documents, legacyDocument])
  .meta({ title: 'module.yaml as Sluice reads it', description: 'One document of a Stateful Functions module.' });
