import { z } from 'zod';
import { component, components, duration, flag, integer, mapping, oneOf, proposed, text, withoutEffect } from '../../schema/leaf.ts';
import { LOG_LEVELS } from '../log-levels.ts';
import { bufferSchema } from './buffer.ts';
import { inputTypes } from './inputs.ts';
import { kinesisInputSchema, kinesisOutputSchema } from './kinesis.ts';
import { optionalFields } from './optional-fields.ts';
import { outputTypes } from './outputs.ts';
import { processorSchema } from './processors.ts';
import { cacheSchema, rateLimitSchema } from './resources.ts';
import { scannerSchema } from './scanners.ts';
import { testsSchema } from './tests.ts';

const label = text().prefault('').meta({
  description:
    'A name of lower-case letters, digits, `_` and `-` that does not start with `_` or `-`. The id of the component is then `output/<label>` or `input/<label>`.',
  pattern: '^([a-z0-9][a-z0-9_-]*)?$',
});
const anything = (description: string) => z.unknown().optional().meta({ description });
const anythingWithoutEffect = (because: string) => z.unknown().optional().meta(withoutEffect(because));
const listOf = (description: string) => z.array(z.unknown()).optional().meta({ description });

/** What stands around every input and output. */
const componentFields = {
  label,
  type: text().optional().meta({ description: 'Name of the component, if its own field is absent.' }),
  plugin: anything('The options of the component named by `type`.'),
  meta: anything('Unstructured metadata; ignored.'),
  processors: components('processor').meta({ description: 'Processors that run for this component only.' }),
};

const outputSchema = z
  .strictObject({
    ...componentFields,
    aws_kinesis: kinesisOutputSchema.optional(),
    ...optionalFields(outputTypes),
    resource: text().optional().meta({ description: 'The label of one of `output_resources`.' }),
  })
  .meta({ description: 'Where records are written.' });

const inputSchema = z
  .strictObject({
    ...componentFields,
    aws_kinesis: kinesisInputSchema.optional(),
    ...optionalFields(inputTypes),
    resource: text().optional().meta({ description: 'The label of one of `input_resources`.' }),
  })
  .meta({ description: 'Where records are read.' });

/** The schemas of what `component` and `components` leave open, by kind. */
export const componentSchemas = {
  input: inputSchema,
  output: outputSchema,
  processor: processorSchema,
  scanner: scannerSchema,
  cache: cacheSchema,
  rate_limit: rateLimitSchema,
};

const ROTATION = 'let logrotate do it, with `copytruncate`';
const PLAIN_HTTP = 'the port speaks plain HTTP; put a proxy before it for TLS';

const loggerSchema = z
  .strictObject({
    level: proposed(...LOG_LEVELS)
      .prefault('INFO')
      .meta({ description: 'Lowest level that is logged, in any case.' }),
    format: oneOf('logfmt', 'json').prefault('logfmt').meta({ description: 'How lines are written.' }),
    add_timestamp: flag()
      .prefault(false)
      .meta({ description: 'Write the time of each line. Unlike Benthos, Sluice writes it where the field is absent.' }),
    level_name: text().prefault('level').meta({ description: 'Name of the field that holds the level.' }),
    timestamp_name: text().prefault('time').meta({ description: 'Name of the field that holds the time.' }),
    message_name: text().prefault('msg').meta({ description: 'Name of the field that holds the message.' }),
    static_fields: anything('Fields on every line, beside the app and the worker.'),
    file: z
      .strictObject({
        path: text().prefault('').meta({ description: 'File that lines are appended to, in place of standard error.' }),
        rotate: flag().prefault(false).meta(withoutEffect(ROTATION)),
        rotate_max_age_days: integer().prefault(0).meta(withoutEffect(ROTATION)),
      })
      .optional()
      .meta({ description: 'Lines to a file.' }),
  })
  .meta({ description: 'How log lines are written.' });

const httpSchema = z
  .strictObject({
    enabled: flag().prefault(true).meta({
      description:
        'Serve `/ping`, `/ready`, `/metrics` and inputs without an address of their own, where input and output run in one process. Workers always serve.',
    }),
    address: text().prefault('0.0.0.0:4195').meta({ description: 'Host and port on which the egress-worker serves health and metrics.' }),
    root_path: text()
      .prefault('/benthos')
      .meta({ description: 'Where input and output run in one process: every path is also served below it. Without effect with workers.' }),
    debug_endpoints: flag().prefault(false).meta(withoutEffect('there are none')),
    cert_file: text().prefault('').meta(withoutEffect(PLAIN_HTTP)),
    key_file: text().prefault('').meta(withoutEffect(PLAIN_HTTP)),
    cors: anythingWithoutEffect('no page of another origin is let in'),
    basic_auth: anythingWithoutEffect('put a proxy before the port to ask for a password'),
  })
  .meta({ description: 'The HTTP server of the service.' });

const pipelineSchema = z
  .strictObject({
    threads: integer().prefault(-1).meta({
      description:
        'Batches that are processed at once where input and output run in one process; -1: as many as there are cores. Workers ignore it.',
    }),
    processors: components('processor').meta({ description: 'Processors between input and output.' }),
  })
  .meta({ description: 'What happens to records on their way.' });

export const errorHandlingSchema = z
  .strictObject({
    strict: flag().prefault(false).meta({ description: 'Refuse a record whose processing failed, instead of writing it.' }),
    log: anythingWithoutEffect('failed records are counted, and kept as dead letters where `strict` is true'),
  })
  .meta({ description: 'What happens to records whose processing failed.' });

const kinds = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, anything('Options of this kind.')]));

const metricsSchema = z
  .strictObject({
    ...kinds('type', 'plugin', 'prometheus', 'none', 'json_api', 'logger', 'statsd', 'influxdb', 'aws_cloudwatch'),
    mapping: mapping().optional().meta({ description: 'Without effect: metrics keep their names.' }),
  })
  .meta({
    description:
      '`prometheus`: metrics have the names of Benthos beside ours. A pipeline in one process has these in any case, unless `none`. Other kinds are ignored with a warning.',
  });

const tracerSchema = z
  .strictObject(kinds('type', 'plugin', 'none', 'open_telemetry_collector', 'jaeger', 'gcp_cloudtrace', 'redpanda'))
  .meta({
    description: '`open_telemetry_collector`: spans are sent to the first collector under `http`. Other kinds are ignored with a warning.',
  });

/** A whole Benthos file. Sections whose components are not ours are left open, so that files run unmodified. */
export const benthosSchema = z
  .strictObject({
    input: component('input').meta({ description: 'Where records are read.' }),
    buffer: bufferSchema.optional(),
    pipeline: pipelineSchema.optional(),
    output: component('output').meta({ description: 'Where records are written.' }),
    input_resources: components('input').meta({ description: 'Inputs that are referred to by their label.' }),
    output_resources: components('output').meta({
      description: 'Outputs that are referred to by their label, or by an ingress as `output/<label>`.',
    }),
    processor_resources: components('processor').meta({ description: 'Processors that are referred to by their label.' }),
    cache_resources: components('cache').meta({ description: 'Caches that processors refer to by their label.' }),
    rate_limit_resources: components('rate_limit').meta({ description: 'Rate limits that processors refer to by their label.' }),
    scanner_resources: listOf('Without effect.'),
    http: httpSchema.optional(),
    logger: loggerSchema.optional(),
    metrics: metricsSchema.optional(),
    tracer: tracerSchema.optional(),
    shutdown_delay: duration()
      .prefault('0s')
      .meta({ description: 'How long a worker continues after SIGTERM, so that its metrics can be scraped.' }),
    shutdown_timeout: proposed('20s').prefault('20s').meta({ description: 'How long a worker may take to stop.' }),
    error_handling: errorHandlingSchema.optional(),
    tests: testsSchema.optional(),
  })
  .meta({
    title: 'Benthos configuration as Sluice reads it',
    description: 'One stream of a Benthos or Redpanda Connect configuration file.',
  });
