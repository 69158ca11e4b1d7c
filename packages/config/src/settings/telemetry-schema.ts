import { z } from 'zod';
import { duration, flag, integer, leaf, oneOf, optionalText, Refusal, requiredText, secret, text } from '../schema/leaf.ts';
import { readGoString } from '../yaml/go-scalar.ts';

const collector = () =>
  leaf({ type: 'string' }, 'a URL', (node) => {
    const url = readGoString(node);
    const isSound = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).username === '';
    return isSound ? url : new Refusal('expected the URL of a collector without credentials, such as `http://localhost:4318`');
  });

const ratio = () =>
  leaf({ type: 'number', minimum: 0, maximum: 1 }, 'a number', (node) => {
    const written = readGoString(node).trim();
    const value = Number(written);
    return written !== '' && value >= 0 && value <= 1 ? value : new Refusal(`expected a number from 0 to 1, got \`${written}\``);
  });

const endpoint = (path: string) =>
  collector()
    .optional()
    .meta({
      description: `Where to send them: the base URL of a collector, to which \`${path}\` is added, or a URL that ends so. Nothing is sent where absent.`,
      examples: ['http://localhost:4318'],
    });

const headers = () =>
  z.record(z.string(), secret()).prefault({}).meta({ description: 'Headers of the requests to the collector, such as an API key.' });

export const metricsSchema = z
  .strictObject({
    names: oneOf('auto', 'sluice', 'benthos', 'both').prefault('auto').meta({
      description:
        'Names of the metrics. `auto`: those of Sluice in workers, those of Benthos in a pipeline in one process. `benthos`: only those that Benthos has too (`input_received`, `output_sent`, …), under its names and labels. `both`: these beside ours.',
    }),
    otlp: z
      .strictObject({
        endpoint: endpoint('/v1/metrics'),
        headers: headers(),
        interval: duration({ min: 100 }).prefault('60s').meta({ description: 'How often metrics are sent.' }),
      })
      .prefault({})
      .meta({ description: 'Metrics pushed to an OpenTelemetry collector, by OTLP over HTTP (protobuf).' }),
  })
  .prefault({})
  .meta({ description: 'Metrics. Workers always serve them at `/metrics` as well.' });

export const tracingSchema = z
  .strictObject({
    endpoint: endpoint('/v1/traces'),
    headers: headers(),
    ratio: ratio().prefault(0.1).meta({
      description:
        'Share of the traces that begin here which are recorded, from 0 to 1. What belongs to a trace that began elsewhere follows that.',
    }),
    attributes: z
      .record(z.string(), text())
      .prefault({})
      .meta({
        description: 'Attributes of every span, beside `service.name` and the like.',
        examples: [{ 'deployment.environment': 'test' }],
      }),
  })
  .prefault({})
  .meta({ description: 'Traces, sent to an OpenTelemetry collector by OTLP over HTTP (protobuf). Off unless an endpoint is set.' });

export const logSchema = z
  .strictObject({
    level: oneOf('debug', 'info', 'warn', 'error', 'off').prefault('info').meta({ description: 'Lowest level that is logged.' }),
    format: oneOf('auto', 'json', 'pretty', 'logfmt').prefault('auto').meta({
      description:
        '`json`: one JSON object per line. `logfmt`: `level=info msg="…" key=value`. `pretty`: readable lines. `auto`: readable on a terminal, JSON otherwise.',
    }),
    timestamp: flag().prefault(true).meta({ description: 'Write the time of each line.' }),
    names: z
      .strictObject({
        level: requiredText().prefault('level').meta({ description: 'Name of the field that holds the level.' }),
        time: requiredText().prefault('time').meta({ description: 'Name of the field that holds the time.' }),
        message: requiredText().prefault('msg').meta({ description: 'Name of the field that holds the message.' }),
      })
      .prefault({})
      .meta({ description: 'Names of fields in `json` and `logfmt` lines.' }),
    fields: z
      .record(z.string(), text())
      .prefault({})
      .meta({ description: 'Fields on every line.', examples: [{ team: 'orders' }] }),
    file: optionalText().optional().meta({ description: 'File that lines are appended to, in place of standard error.' }),
    repeats: integer({ min: 0 }).prefault(20).meta({
      description:
        'How often a minute a warning or error with the same message, event and labels is written; how many more there were is told at the end of the minute. `0`: no limit.',
    }),
  })
  .prefault({})
  .meta({ description: 'Log lines.' });
