import { ProcessorConfigError } from './errors.ts';
import { ContentError } from './failure.ts';
import { type HttpOptions, tlsOf } from './http-options.ts';
import type { HttpClient } from './http-port.ts';
import { readMessageIndexes } from './message-indexes.ts';
import type { CompileContext, Processor, ProcessorSettings } from './processor.ts';
import { decodeBySchema } from './schema-decoding.ts';
import { SchemaRegistry } from './schema-registry.ts';

interface DecodeOptions extends Pick<HttpOptions, 'basic_auth' | 'tls'> {
  readonly url: string;
  readonly avro_raw_json: boolean;
}

/** A zero, and the id of the schema in four bytes. */
const HEADER_BYTES = 5;

/** `schema_registry_decode`: documents of messages that begin with the id of their schema, which a registry of Confluent's kind has. */
export function schemaRegistryDecode(settings: ProcessorSettings, context: CompileContext): Processor {
  const options = settings.options as unknown as DecodeOptions;
  const registry = openRegistry(settings, options, context);
  return decodeBySchema(settings, {
    read: (bytes) => ({ id: idIn(bytes), data: bytes.subarray(HEADER_BYTES) }),
    schemaOf: (id, signal) => registry.schemaOf(id, signal),
    unwraps: options.avro_raw_json,
    typeReader: (types, file) => (data) => {
      const { indexes, rest } = readMessageIndexes(data);
      return { type: types.messageAt(file, indexes), rest };
    },
  });
}

function idIn(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) throw new ContentError('message is empty or too small');
  if (bytes[0] !== 0) throw new ContentError(`serialization format version number ${bytes[0]} not supported`);
  return bytes.readUInt32BE(1);
}

function openRegistry(settings: ProcessorSettings, options: DecodeOptions, context: CompileContext): SchemaRegistry {
  const { position, path } = settings;
  const { enabled, username, password } = options.basic_auth;
  const login = enabled ? { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` } : {};
  const base = URL.parse(options.url);
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new ProcessorConfigError(position, path, 'expected a `url` that begins with http:// or https://');
  }
  return new SchemaRegistry(openClient(settings, options, context), base, login);
}

function openClient({ position, path }: ProcessorSettings, { tls }: DecodeOptions, { openHttp }: CompileContext): HttpClient {
  if (!openHttp) throw new ProcessorConfigError(position, path, 'expected a way to send HTTP requests, found none in this program');
  try {
    return openHttp({ ...REQUESTS, tls: tlsOf(tls) });
  } catch (error) {
    throw new ProcessorConfigError(position, path, (error as Error).message, error);
  }
}

/** As `http` sends them unless it is told otherwise. */
const REQUESTS = {
  ...{ timeoutMs: 5_000, followsRedirects: true, retries: 3, retryPeriodMs: 1_000, maxRetryBackoffMs: 300_000 },
  ...{ backoffOn: [429], dropOn: [400, 401, 403, 404], successfulOn: [], proxyUrl: undefined },
};
