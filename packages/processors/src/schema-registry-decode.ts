import { openDocument } from '@sluice/bloblang';
import { compileJsonSchema } from '@sluice/bloblang-library';
import { openAvro } from '@sluice/codecs';
import { asBuffer } from '@sluice/values';
import { withinStack } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import { ContentError, flagged, isFailure } from './failure.ts';
import { type HttpOptions, tlsOf } from './http-options.ts';
import type { HttpClient } from './http-port.ts';
import type { CompileContext, ProcessedMessage, Processor, ProcessorSettings, Run } from './processor.ts';
import { type RegisteredSchema, SchemaRegistry } from './schema-registry.ts';

interface DecodeOptions extends Pick<HttpOptions, 'basic_auth' | 'tls'> {
  readonly url: string;
  readonly avro_raw_json: boolean;
}

/** What makes a message's content of the bytes behind the header. Throws what flags the message. */
type Decode = (data: Buffer) => Uint8Array;

/** A zero, and the id of the schema in four bytes. */
const HEADER_BYTES = 5;

/** Ids of a registry are few; a sender of nonsense must not fill the memory. */
const MOST_KEPT = 1_000;

/**
 * `schema_registry_decode`: documents of messages that begin with the id of their schema, which a registry has. Schemas are kept: an id
 * stands for one schema for ever. A message whose schema cannot be had or read, or that does not fit it, is flagged and stays as it is.
 */
export function schemaRegistryDecode(settings: ProcessorSettings, context: CompileContext): Processor {
  const options = settings.options as unknown as DecodeOptions;
  const registry = openRegistry(settings, options, context);
  const kept = new Map<number, Decode>();

  /** An id whose schema cannot be had is asked for once in a batch: attempts take seconds. */
  async function decoderOf(id: number, missing: Map<number, Error>, signal: AbortSignal): Promise<Decode> {
    const problem = missing.get(id);
    if (problem) throw problem;
    try {
      return keep(id, kept.get(id) ?? (await decoderFor(await registry.schemaOf(id, signal), options.avro_raw_json)));
    } catch (error) {
      if (isFailure(error)) missing.set(id, error);
      throw error;
    }
  }

  function keep(id: number, decode: Decode): Decode {
    kept.delete(id);
    kept.set(id, decode);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return decode;
  }

  async function decodeOne(item: ProcessedMessage, missing: Map<number, Error>, { signal }: Run): Promise<ProcessedMessage> {
    const bytes = asBuffer(item.message.content);
    try {
      const decode = await decoderOf(idIn(bytes), missing, signal);
      const content = withinStack(() => decode(bytes.subarray(HEADER_BYTES)));
      return { ...item, message: { ...item.message, content } };
    } catch (error) {
      if (isFailure(error)) return flagged(item, error, settings);
      throw error;
    }
  }

  return async (batch, run) => {
    const results: ProcessedMessage[] = [];
    const missing = new Map<number, Error>();
    // In turn, so that a schema is asked for once.
    for (const item of batch) results.push(await decodeOne(item, missing, run));
    return [results];
  };
}

function idIn(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) throw new ContentError('message is empty or too small');
  if (bytes[0] !== 0) throw new ContentError(`serialization format version number ${bytes[0]} not supported`);
  return bytes.readUInt32BE(1);
}

/** A schema that cannot be read fails each of its messages, without being asked for again. */
async function decoderFor(schema: RegisteredSchema, unwraps: boolean): Promise<Decode> {
  try {
    return await compile(schema, unwraps);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return () => {
      throw error;
    };
  }
}

async function compile({ type, text, references }: RegisteredSchema, unwraps: boolean): Promise<Decode> {
  switch (type) {
    case 'AVRO': {
      const codec = await openAvro([...references, text], { unwraps });
      return (data) => Buffer.from(codec.toJson(codec.decode(data)));
    }
    case 'JSON': {
      const check = compileJsonSchema(text);
      return (data) => {
        check(openDocument(data).value());
        return Uint8Array.from(data);
      };
    }
    default:
      throw new ContentError(`schema type ${type} not supported`);
  }
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
