import { z } from 'zod';
import { byteSize, duration, flag, integer, oneOf, optionalText, requiredText, secret, text } from '../schema/leaf.ts';
import { redisUrl } from './redis-url.ts';

/** Shortest time in which a request to Kinesis is worth starting. */
const LEAST_REQUEST_MS = 500;

const ordering = () => oneOf('key', 'strict', 'none');
const aggregation = () => oneOf('auto', 'on', 'off');

const redis = z
  .strictObject({
    url: redisUrl()
      .prefault('redis://127.0.0.1:6379')
      .meta({
        description: 'Where Redis is: `redis://host:port/db`, `rediss://` with TLS. May hold user and password.',
        examples: ['rediss://redis.example.com:6380/0'],
      }),
    username: optionalText().optional().meta({ description: 'The ACL user, where the URL names none.' }),
    password: secret().optional().meta({
      description: 'The password, where the URL holds none. Better given as `SLUICE_REDIS_PASSWORD` or `SLUICE_REDIS_PASSWORD_FILE`.',
    }),
    tls: z
      .strictObject({
        enabled: flag().prefault(false).meta({ description: 'TLS also where the URL does not say `rediss`.' }),
        ca_file: optionalText().optional().meta({ description: 'Certificates to trust, PEM.' }),
        cert_file: optionalText().optional().meta({ description: 'Our certificate, PEM.' }),
        key_file: optionalText().optional().meta({ description: 'The key of our certificate, PEM.' }),
        server_name: optionalText().optional().meta({ description: 'The name the certificate must bear, where it is not the host.' }),
        skip_verify: flag().prefault(false).meta({ description: 'Accept any certificate. For tests only.' }),
      })
      .prefault({})
      .meta({ description: 'TLS towards Redis.' }),
    sentinel: z
      .strictObject({
        master: requiredText().meta({ description: 'The name of the master.' }),
        nodes: z
          .array(requiredText())
          .min(1, { error: 'at least one node must be named' })
          .meta({ description: 'Sentinels as `host:port`.' }),
        username: optionalText().optional().meta({ description: 'The ACL user at the sentinels.' }),
        password: secret().optional().meta({ description: 'The password at the sentinels.' }),
      })
      .optional()
      .meta({ description: 'Ask these sentinels where the master is.' }),
    cluster: z
      .array(requiredText())
      .optional()
      .meta({
        description: 'Redis Cluster: read, and refused at start; see docs/decisions/0002.',
        examples: [['redis-1:6379', 'redis-2:6379']],
      }),
    prefix: text()
      .prefault('sluice')
      .meta({ description: 'Stands before every key. Two installations that share a Redis need two prefixes.' }),
    connect_timeout: duration({ min: 1 }).prefault('10s').meta({ description: 'Longest time a connection may take to open.' }),
    allow_volatile: flag().prefault(false).meta({ description: 'Accept a Redis without persistence. What it forgets is lost.' }),
  })
  .prefault({})
  .meta({ description: 'The Redis that holds lanes, leases, checkpoints and dead letters.' });

const backpressure = z
  .strictObject({
    high_water_bytes: byteSize().prefault('1GiB').meta({ description: 'Bytes waiting for a target above which its shard readers pause.' }),
    low_water_bytes: byteSize().prefault('768MiB').meta({ description: 'Bytes below which they go on.' }),
    high_water_records: integer({ min: 1 })
      .prefault(2_000_000)
      .meta({ description: 'Records waiting for a target above which its shard readers pause.' }),
    low_water_records: integer({ min: 0 }).prefault(1_500_000).meta({ description: 'Records below which they go on.' }),
  })
  .refine((marks) => marks.low_water_bytes <= marks.high_water_bytes && marks.low_water_records <= marks.high_water_records, {
    error: 'a low water mark must not be above its high water mark',
  })
  .prefault({})
  .meta({ description: 'How much may wait in Redis for one target.' });

const egressOverride = z
  .strictObject({
    stream: optionalText()
      .optional()
      .meta({ description: 'Stream for records that name none: those of a direct route to a module.yaml egress.' }),
    lanes: integer({ min: 1, max: 1024 }).optional().meta({ description: 'Lanes of this egress.' }),
    ordering: ordering().optional().meta({ description: 'Ordering of this egress.' }),
    aggregation: aggregation().optional().meta({ description: 'Aggregation of this egress.' }),
  })
  .meta({ description: 'What one egress has otherwise than the rest.' });

export const settingsSchema = z
  .strictObject({
    redis,
    lanes: integer({ min: 1, max: 1024 })
      .prefault(16)
      .meta({ description: 'Lanes of a target: how many workers can share it. Recorded at first use; changing it drains first.' }),
    ordering: ordering().prefault('key').meta({
      description:
        '`key`: a key with an unresolved request sends nothing newer. `strict`: also at most one record of a key per request. `none`: no promise.',
    }),
    aggregation: aggregation().prefault('auto').meta({
      description:
        'Whether several records share one Kinesis record (KPL format). `auto`: as the dialect has it: a module.yaml egress aggregates unless its `AggregationEnabled` says no, a Benthos output does not.',
    }),
    backpressure,
    lease: z
      .strictObject({
        ttl: duration({ min: 500 }).prefault('5s').meta({ description: 'How long a shard or lane stays with a worker that is silent.' }),
        renew: duration({ min: 50 }).prefault('1s').meta({ description: 'How often a worker renews its leases.' }),
      })
      .refine(({ ttl, renew }) => ttl >= 2 * renew + LEAST_REQUEST_MS, {
        error: `\`ttl\` must be at least twice \`renew\` and ${LEAST_REQUEST_MS} ms, so that a lease outlasts a late renewal and a request`,
      })
      .prefault({})
      .meta({ description: 'Ownership of shards and lanes.' }),
    host: requiredText().prefault('127.0.0.1').meta({ description: 'Address that the ports are bound to.' }),
    ports: z
      .strictObject({
        board: integer({ min: 0, max: 65_535 })
          .prefault(3000)
          .meta({ description: 'Bull Board and status page; `0` takes any free port.' }),
        ingress_worker: integer({ min: 0, max: 65_535 }).prefault(4196).meta({ description: 'Health and metrics of the ingress-worker.' }),
        egress_worker: integer({ min: 0, max: 65_535 }).prefault(4195).meta({ description: 'Health and metrics of the egress-worker.' }),
      })
      .prefault({})
      .meta({ description: 'Ports.' }),
    log: z
      .strictObject({
        level: oneOf('debug', 'info', 'warn', 'error').prefault('info').meta({ description: 'The least level that is written.' }),
        format: oneOf('json', 'pretty').prefault('json').meta({ description: 'One JSON object a line, or lines for people.' }),
      })
      .prefault({})
      .meta({ description: 'Log lines.' }),
    shutdown: z
      .strictObject({
        delay: duration()
          .prefault('0s')
          .meta({ description: 'How long a worker goes on after SIGTERM, so that metrics can be collected.' }),
        timeout: duration({ min: 100 })
          .prefault('20s')
          .meta({ description: 'After this a worker gives up what is still in hand and exits.' }),
      })
      .prefault({})
      .meta({ description: 'How a worker stops.' }),
    egresses: z.record(z.string(), egressOverride).prefault({}).meta({ description: 'Settings of single egresses, by id.' }),
  })
  .meta({ description: "Sluice's own settings." });

export const sluiceSchema = z.strictObject({ sluice: settingsSchema.prefault({}) }).meta({ title: 'Settings of Sluice' });

export type SettingsFields = z.output<typeof settingsSchema>;
