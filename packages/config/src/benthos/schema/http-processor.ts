/** The fields of the processor `http`. */
import { z } from 'zod';
import { flag, goDuration, goInteger, interpolation, leaf, Refusal, text } from '../../schema/leaf.ts';
import { readGoBool, readGoString } from '../../yaml/go-scalar.ts';
import type { ScalarNode } from '../../yaml/node.ts';

const names = (description: string) =>
  z
    .strictObject({
      include_prefixes: z.array(text()).prefault([]).meta({ description: 'Beginnings of names.' }),
      include_patterns: z.array(text()).prefault([]).meta({ description: 'Regular expressions that names match.' }),
    })
    .prefault({})
    .meta({ description });

const statuses = (description: string, ...initial: number[]) => z.array(goInteger()).prefault(initial).meta({ description });

/** A way to log in that Sluice does not have: it may stand there, switched off. */
export const offOnly = (name: string, hint = 'set a header') =>
  z
    .looseObject({
      enabled: leaf({ type: 'boolean', const: false }, 'true or false', (node: ScalarNode) =>
        readGoBool(node) === false
          ? false
          : new Refusal(`Sluice has no \`${name}\` for HTTP requests; ${hint}, found \`${readGoString(node)}\``),
      ).prefault(false),
    })
    .optional()
    .meta({ description: 'Must be off: Sluice does not have it.' });

const certificate = z.strictObject({
  cert: text().prefault('').meta({ description: 'The certificate, PEM.' }),
  key: text().prefault('').meta({ description: 'Its key, PEM.' }),
  cert_file: text().prefault('').meta({ description: 'The file of the certificate.' }),
  key_file: text().prefault('').meta({ description: 'The file of the key.' }),
  password: text().prefault('').meta({ description: 'The password of the key.' }),
});

export const httpProcessor = z
  .strictObject({
    url: interpolation().meta({ description: 'The URL.' }),
    verb: text().prefault('POST').meta({ description: 'The method; empty is `GET`.' }),
    headers: z.record(z.string(), interpolation()).prefault({}).meta({ description: 'Headers of the request.' }),
    metadata: names('Which metadata is sent as headers.'),
    extract_headers: names('Which headers of the answer become metadata; their names are compared in lower case.'),
    dump_request_log_level: text().prefault('').meta({ description: 'Without effect.' }),
    oauth: offOnly('oauth'),
    oauth2: offOnly('oauth2'),
    jwt: offOnly('jwt'),
    basic_auth: z
      .strictObject({
        enabled: flag().prefault(false).meta({ description: 'Whether to log in.' }),
        username: text().prefault('').meta({ description: 'The name.' }),
        password: text().prefault('').meta({ description: 'The password.' }),
      })
      .prefault({})
      .meta({ description: 'A login by name and password.' }),
    tls: z
      .strictObject({
        enabled: flag().prefault(false).meta({ description: 'Whether these settings count.' }),
        skip_cert_verify: flag().prefault(false).meta({ description: 'Whether any certificate of the server is accepted.' }),
        enable_renegotiation: flag().prefault(false).meta({ description: 'Without effect.' }),
        root_cas: text().prefault('').meta({ description: 'Certificates to trust, PEM.' }),
        root_cas_file: text().prefault('').meta({ description: 'The file of certificates to trust.' }),
        client_certs: z.array(certificate).prefault([]).meta({ description: 'Certificates by which to log in.' }),
      })
      .prefault({})
      .meta({ description: 'TLS.' }),
    rate_limit: text().prefault('').meta({ description: 'The label of one of `rate_limit_resources`; each attempt takes a place.' }),
    timeout: goDuration().prefault('5s').meta({ description: 'What an attempt may take.' }),
    retry_period: goDuration().prefault('1s').meta({ description: 'The pause between attempts.' }),
    max_retry_backoff: goDuration().prefault('300s').meta({ description: 'The longest pause after a status of `backoff_on`.' }),
    retries: goInteger({ atLeast: 0 }).prefault(3).meta({ description: 'Attempts after the first.' }),
    follow_redirects: flag().prefault(true).meta({ description: 'Whether redirects are followed; else they are successes.' }),
    backoff_on: statuses('Statuses after which the pause doubles.', 429),
    drop_on: statuses('Statuses after which there is no further attempt.'),
    successful_on: statuses('Statuses that are successes too.'),
    proxy_url: text().prefault('').meta({ description: 'The URL of a proxy.' }),
    disable_http2: flag().prefault(false).meta({ description: 'Without effect: requests are sent by HTTP/1.1.' }),
    batch_as_multipart: flag().prefault(false).meta({ description: 'Whether the records of a batch are the parts of one request.' }),
    parallel: flag().prefault(false).meta({ description: 'Whether the records of a batch are sent at once.' }),
  })
  .meta({ description: 'Sends each record to an HTTP server; its answer becomes the record.' });
