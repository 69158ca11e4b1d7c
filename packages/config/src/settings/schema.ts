import { z } from 'zod';
import { byteSize, duration, flag, integer, oneOf, optionalStream, optionalText, requiredText, secret, text } from '../schema/leaf.ts';
import { boardSchema } from './board-schema.ts';
import { deadLettersSchema } from './dead-letters-schema.ts';
import { fanOutSchema, ingressesSchema } from './ingresses-schema.ts';
import { redisUrl } from './redis-url.ts';
import { logSchema, metricsSchema, tracingSchema } from './telemetry-schema.ts';

/** Shortest time in which a request to Kinesis is worth starting. */
const LEAST_REQUEST_MS = 500;

const ordering = () => oneOf('key', 'strict', 'shard', 'none');
const aggregation = () => oneOf('auto', 'on', 'shard', 'off');

const aggregate = z
  .strictObject({
    max_count: integer({ min: 1 }).optional().meta({ description: "Records in one aggregate, at most (KPL's `AggregationMaxCount`)." }),
    max_bytes: byteSize().optional().meta({
      description:
        "Bytes of one aggregate with its partition key, at most, and never more than the stream takes (KPL's `AggregationMaxSize`). By default 50 KiB.",
    }),
    max_wait: duration()
      .optional()
      .meta({
        description:
          "How long a record may wait for others to share its aggregate and its request (KPL's `RecordMaxBufferedTime`). By default 100 ms for a module.yaml egress; a Benthos output waits as its `batching` says, which excludes this setting.",
        examples: ['100ms'],
      }),
  })
  .prefault({})
  .meta({ description: 'Limits of aggregates. They override those of a module.yaml egress.' });

const redis = z
  .strictObject({
    url: redisUrl()
      .prefault('redis://127.0.0.1:6379')
      .meta({
        description: 'Where Redis is: `redis://host:port/db`, `rediss://` with TLS. May contain user and password.',
        examples: ['rediss://redis.example.com:6380/0'],
      }),
    username: optionalText().optional().meta({ description: 'ACL user, if the URL has none.' }),
    password: secret().optional().meta({
      description: 'Password, if the URL has none. Prefer `SLUICE_REDIS_PASSWORD` or `SLUICE_REDIS_PASSWORD_FILE`.',
    }),
    tls: z
      .strictObject({
        enabled: flag().prefault(false).meta({ description: 'Use TLS even if the URL does not start with `rediss`.' }),
        ca_file: optionalText().optional().meta({ description: 'File of trusted CA certificates, PEM.' }),
        cert_file: optionalText().optional().meta({ description: 'File of the client certificate, PEM.' }),
        key_file: optionalText().optional().meta({ description: "File of the client certificate's private key, PEM." }),
        server_name: optionalText().optional().meta({ description: 'Name that the server certificate must have, if it is not the host.' }),
        skip_verify: flag().prefault(false).meta({ description: 'Accept any certificate. For tests only.' }),
      })
      .prefault({})
      .meta({ description: 'TLS settings of the connection to Redis.' }),
    sentinel: z
      .strictObject({
        master: requiredText().meta({ description: 'The name of the master.' }),
        nodes: z
          .array(requiredText())
          .min(1, { error: 'at least one node must be named' })
          .meta({ description: 'Addresses of the sentinels, as `host:port`.' }),
        username: optionalText().optional().meta({ description: 'ACL user for the sentinels.' }),
        password: secret().optional().meta({ description: 'Password for the sentinels.' }),
      })
      .optional()
      .meta({ description: 'Find the master through these sentinels.' }),
    cluster: z
      .array(requiredText())
      .optional()
      .meta({
        description: 'Not supported: Sluice refuses to run on Redis Cluster; see docs/decisions/0002.',
        examples: [['redis-1:6379', 'redis-2:6379']],
      }),
    prefix: text()
      .prefault('sluice')
      .meta({ description: 'Prefix of every key. Installations that share a Redis need different prefixes.' }),
    connect_timeout: duration({ min: 1 }).prefault('10s').meta({ description: 'Timeout for opening a connection.' }),
    allow_volatile: flag().prefault(false).meta({ description: 'Accept a Redis without persistence. Records are lost when it restarts.' }),
  })
  .prefault({})
  .meta({ description: 'The Redis that holds lanes, leases, checkpoints and dead letters.' });

const backpressure = z
  .strictObject({
    high_water_bytes: byteSize().prefault('1GiB').meta({ description: 'Backlog of a target, in bytes, at which its shard readers pause.' }),
    low_water_bytes: byteSize().prefault('768MiB').meta({ description: 'Backlog, in bytes, at which they resume.' }),
    high_water_records: integer({ min: 1 })
      .prefault(2_000_000)
      .meta({ description: 'Backlog of a target, in records, at which its shard readers pause.' }),
    low_water_records: integer({ min: 0 }).prefault(1_500_000).meta({ description: 'Backlog, in records, at which they resume.' }),
  })
  .refine((marks) => marks.low_water_bytes <= marks.high_water_bytes && marks.low_water_records <= marks.high_water_records, {
    error: 'a low water mark must not be above its high water mark',
  })
  .prefault({})
  .meta({ description: 'Limits of the backlog that each target may have in Redis.' });

const oversize = z
  .strictObject({
    s3: z
      .strictObject({
        bucket: optionalText().optional().meta({ description: 'Name of the bucket.' }),
        prefix: optionalText().prefault('offloaded/').meta({ description: 'What the names of the objects begin with.' }),
        endpoint: optionalText().optional().meta({ description: 'A custom endpoint of S3, plain http included.' }),
        force_path_style_urls: flag()
          .prefault(false)
          .meta({ description: 'Put the bucket into the path of the URL, as servers other than AWS may need it.' }),
      })
      .refine(
        ({ bucket, endpoint, force_path_style_urls: isPathStyle }) => bucket !== undefined || (endpoint === undefined && !isPathStyle),
        {
          error: 'names no `bucket`: set it, or leave `s3` out',
        },
      )
      .prefault({})
      .meta({ description: 'Put the data into an S3 bucket, with the region and the credentials of the egress.' }),
  })
  .prefault({})
  .meta({
    description:
      'What happens to a record that is too large for its stream. Without a bucket it becomes a dead letter; with one a small record that refers to its data takes its place.',
  });

export const egressOverrideSchema = z
  .strictObject({
    stream: optionalStream()
      .optional()
      .meta({ description: 'Stream of records that name none, such as those of a direct route to a module.yaml egress.' }),
    lanes: integer({ min: 1, max: 1024 }).optional().meta({ description: 'Lanes of this egress.' }),
    ordering: ordering().optional().meta({ description: 'Ordering of this egress.' }),
    aggregation: aggregation().optional().meta({ description: 'Aggregation of this egress.' }),
    aggregate,
    oversize,
  })
  .meta({ description: 'Settings of one egress, which override the general ones.' });

const onFailure = () => oneOf('park', 'dead_letter');

const functions = z
  .strictObject({
    max_in_flight: integer({ min: 1, max: 1_000_000 })
      .prefault(1024)
      .meta({ description: 'Requests to functions that a worker has open at a time. Each address has at most one.' }),
    on_failure: onFailure().prefault('park').meta({
      description:
        'What happens to an address whose function fails beyond `call`, or answers what cannot be applied. `park`: its messages wait, in order, and are tried again with growing pauses. `dead_letter`: its first message becomes a dead letter, and the others go on.',
    }),
    origin_headers: flag().prefault(false).meta({
      description: 'Send where messages come from (stream, shard, sequence number, arrival time) as request headers.',
    }),
    types: z
      .record(
        z.string(),
        z
          .strictObject({ on_failure: onFailure().optional().meta({ description: 'What happens when this function fails.' }) })
          .meta({ description: 'Settings of one function type, which override the general ones.' }),
      )
      .prefault({})
      .meta({ description: 'Settings of individual function types, by `namespace/name`.' }),
  })
  .prefault({})
  .meta({ description: 'Remote functions.' });

const httpIngress = z
  .strictObject({
    host: requiredText().prefault('127.0.0.1').meta({
      description: 'Address to listen on. Every client that reaches it can send messages to functions: there is no other access control.',
    }),
    port: integer({ min: 0, max: 65_535 }).prefault(4198).meta({ description: 'Port; `0` takes any free port.' }),
  })
  .optional()
  .meta({
    description: 'HTTP front of functions: `PUT /{namespace}/{type}/{id}`, `GET /egress/{namespace}/{name}`. Off unless it is set.',
  });

export const settingsSchema = z
  .strictObject({
    redis,
    lanes: integer({ min: 1, max: 1024 }).prefault(16).meta({
      description:
        'Number of lanes of a target, and so the largest number of workers that can share it. Recorded at first use; drain the lanes before you change it.',
    }),
    ordering: ordering().prefault('key').meta({
      description:
        '`key`: a key with an unresolved request sends nothing newer. `strict`: also at most one record of a key per request. `shard`: all records of a source shard in their order, one request of it at a time. `none`: no promise. Lanes that are used are laid by shard first: `sluice lanes resize --by shard`.',
    }),
    quotas: oneOf('auto', 'always').prefault('auto').meta({
      description:
        'Whether shards are taken to enforce the quotas of the service, so that all who read or write a stream through this Redis keep within them together. `auto`: always at AWS, and at other endpoints (`AWS_ENDPOINT_URL_KINESIS`) once a shard throttled.',
    }),
    aggregation: aggregation().prefault('auto').meta({
      description:
        'Whether several records share one Kinesis record (KPL format). `on`: those of one key. `shard`: all that go to the same output shard, as the KPL packs. `auto`: `on` for a module.yaml egress unless its `AggregationEnabled` is false, `off` for a Benthos output.',
    }),
    aggregate,
    backpressure,
    lease: z
      .strictObject({
        ttl: duration({ min: 500 })
          .prefault('5s')
          .meta({ description: 'How long a worker that stops renewing keeps its shards and lanes.' }),
        renew: duration({ min: 50 }).prefault('1s').meta({ description: 'How often a worker renews its leases.' }),
      })
      .refine(({ ttl, renew }) => ttl >= 2 * renew + LEAST_REQUEST_MS, {
        error: `\`ttl\` must be at least twice \`renew\` and ${LEAST_REQUEST_MS} ms, so that a lease outlasts a late renewal and a request`,
      })
      .prefault({})
      .meta({ description: 'Leases of shards and lanes.' }),
    host: requiredText().prefault('127.0.0.1').meta({ description: 'Address to listen on.' }),
    ports: z
      .strictObject({
        board: integer({ min: 0, max: 65_535 }).prefault(3000).meta({ description: 'Port of the board; `0` takes any free port.' }),
        ingress_worker: integer({ min: 0, max: 65_535 })
          .prefault(4196)
          .meta({ description: 'Port of health and metrics of the ingress-worker.' }),
        egress_worker: integer({ min: 0, max: 65_535 })
          .prefault(4195)
          .meta({ description: 'Port of health and metrics of the egress-worker.' }),
        function_worker: integer({ min: 0, max: 65_535 })
          .prefault(4197)
          .meta({ description: 'Port of health and metrics of the function-worker.' }),
      })
      .prefault({})
      .meta({ description: 'Ports.' }),
    board: boardSchema,
    watcher: flag().prefault(false).meta({
      description:
        'Watch the configuration files, and put a changed configuration in force without a restart where that is safe, as SIGHUP does.',
    }),
    log: logSchema,
    metrics: metricsSchema,
    tracing: tracingSchema,
    shutdown: z
      .strictObject({
        delay: duration()
          .prefault('0s')
          .meta({ description: 'How long a worker continues after SIGTERM, so that its metrics can be scraped.' }),
        timeout: duration({ min: 100 })
          .prefault('20s')
          .meta({ description: 'Time limit for stopping. After it the worker exits and leaves its work to others.' }),
      })
      .prefault({})
      .meta({ description: 'How a worker stops.' }),
    dead_letters: deadLettersSchema,
    commands: z
      .strictObject({
        allowed: z
          .array(requiredText())
          .prefault([])
          .meta({
            description:
              'Programs that the processors `command` and `subprocess` may run, as they name them; `*` allows any. They run with the rights and the environment of the worker.',
            examples: [['jq', '/usr/local/bin/enrich']],
          }),
        timeout: duration({ min: 1 }).prefault('10s').meta({ description: 'What a run, or the answer to a record, may take.' }),
        max_output: byteSize().prefault('16MiB').meta({ description: 'Largest output of a run; `subprocess` has `max_buffer`.' }),
      })
      .prefault({})
      .meta({ description: 'Programs that processors run: none unless they are named here.' }),
    functions,
    http_ingress: httpIngress,
    egresses: z.record(z.string(), egressOverrideSchema).prefault({}).meta({ description: 'Settings of individual egresses, by id.' }),
    fan_out: fanOutSchema,
    ingresses: ingressesSchema,
  })
  .meta({ description: "Sluice's own settings." });

export const sluiceSchema = z.strictObject({ sluice: settingsSchema.prefault({}) }).meta({ title: 'Settings of Sluice' });

export type SettingsFields = z.output<typeof settingsSchema>;
