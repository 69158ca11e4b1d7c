/**
 * PutRecords and GetRecords, on the SDK's transport, with its region, credentials and endpoint, but past its middleware: that costs more than
 * everything else in such a call together.
 */
import { Readable } from 'node:stream';
import { GetRecordsCommand, PutRecordsCommand, type KinesisClient as SdkClient } from '@aws-sdk/client-kinesis';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { MAX_BYTES_PER_GET } from '../limits.ts';
import { BodyBuffers } from '../wire/body-buffers.ts';
import { cborEncoding } from '../wire/cbor/cbor-encoding.ts';
import type { Encoding } from '../wire/encoding.ts';
import { jsonEncoding } from '../wire/json/json-encoding.ts';
import { streamMember } from '../wire/stream-member.ts';
import { RequestSigner } from './request-signer.ts';
import { readServiceError, ServiceError } from './service-reply.ts';

const COMMANDS = { PutRecords: PutRecordsCommand, GetRecords: GetRecordsCommand };
const TARGET_PREFIX = 'Kinesis_20131202';
const SERVICE = 'kinesis';

// Base64 of a full reply, and plenty for what surrounds 10,000 records. A length beyond that is not believed.
const MAX_REPLY_BYTES = 4 * MAX_BYTES_PER_GET;

/** Of all clients of this process. */
const bodyBuffers = new BodyBuffers();

export interface DataCall<Output> {
  readonly operation: keyof typeof COMMANDS;
  readonly stream: string;
  encode(encoding: Encoding, buffers: BodyBuffers): Buffer;
  /** @param free takes the body back; absent where that is done afterwards anyway */
  decode(encoding: Encoding, body: Buffer, free?: () => void): Output;
  /** Called last of all, once the request is signed. What it throws ends the call. */
  beforeSending?(): void;
  /** Called with each part of the reply that comes. */
  onProgress?(): void;
}

interface Endpoint {
  readonly host: string;
  readonly request: Pick<HttpRequest, 'protocol' | 'hostname' | 'path'> & { readonly port?: number };
}

export class DataPlane {
  readonly #sdk: SdkClient;
  readonly #userAgent: string;
  readonly #endpoints = new Map<string, Promise<Endpoint>>();
  #knownSigner: RequestSigner | undefined;
  #encoding: Encoding;
  /** How far the clock of the service is ahead of ours. */
  #clockOffsetMs = 0;

  constructor(
    sdk: SdkClient,
    { userAgent, encoding = 'cbor' }: { readonly userAgent: string; readonly encoding?: 'cbor' | 'json' | undefined },
  ) {
    this.#sdk = sdk;
    this.#userAgent = userAgent;
    this.#encoding = encoding === 'cbor' ? cborEncoding : jsonEncoding;
  }

  /**
   * @throws {SluiceError} what `decode` throws for a success that is none of the service's
   * @throws {Error} named as the service names the error; what the transport rejects with; what `beforeSending` throws
   */
  async call<Output>(call: DataCall<Output>, abortSignal: AbortSignal): Promise<Output> {
    const encoding = this.#encoding;
    try {
      return await this.#exchange(call, encoding, abortSignal);
    } catch (error) {
      const isForJson = encoding !== jsonEncoding && error instanceof ServiceError && error.isNotUnderstood;
      if (!isForJson) throw error;
      const output = await this.#exchange(call, jsonEncoding, abortSignal);
      this.#encoding = jsonEncoding;
      return output;
    }
  }

  async #exchange<Output>(call: DataCall<Output>, encoding: Encoding, abortSignal: AbortSignal): Promise<Output> {
    const { operation, stream } = call;
    const endpoint = await this.#endpointOf(operation, stream);
    const signer = await this.#signer();
    const identity = await this.#sdk.config.credentials();
    abortSignal.throwIfAborted();
    const body = call.encode(encoding, bodyBuffers);
    const target = `${TARGET_PREFIX}.${operation}`;
    const unsigned = { host: endpoint.host, path: endpoint.request.path, target, contentType: encoding.contentType, body };
    const headers = { ...signer.sign(unsigned, identity, Date.now() + this.#clockOffsetMs), 'user-agent': this.#userAgent };
    call.beforeSending?.();
    const request = new HttpRequest({ ...endpoint.request, method: 'POST', headers, body });
    const { response } = await this.#sdk.config.requestHandler.handle(request, { abortSignal });
    const output = await this.#read(call, response, encoding);
    // A request that ended otherwise may still be on its way out.
    if (isSent(response)) bodyBuffers.release(body);
    return output;
  }

  async #read<Output>(call: DataCall<Output>, response: HttpResponse, asked: Encoding): Promise<Output> {
    const told = encodingOf(response);
    const isKept = call.operation === 'GetRecords' && (told ?? asked).keepsBody;
    const body = await collect(response, call.onProgress);
    const encoding = told ?? (body[0] === OPENING_BRACE ? jsonEncoding : undefined);
    try {
      if (response.statusCode < 300) return call.decode(encoding ?? asked, body, isKept ? () => bodyBuffers.release(body) : undefined);
      const error = readServiceError(response, body, encoding);
      this.#clockOffsetMs = error.clockOffsetMs ?? this.#clockOffsetMs;
      throw error;
    } finally {
      if (!isKept) bodyBuffers.release(body);
    }
  }

  #endpointOf(operation: DataCall<unknown>['operation'], stream: string): Promise<Endpoint> {
    const known = this.#endpoints.get(stream);
    if (known !== undefined) return known;
    const endpoint = this.#resolveEndpoint(operation, stream);
    this.#endpoints.set(stream, endpoint);
    void endpoint.catch(() => this.#endpoints.delete(stream));
    return endpoint;
  }

  async #resolveEndpoint(operation: DataCall<unknown>['operation'], stream: string): Promise<Endpoint> {
    const { url } = await getEndpointFromInstructions(streamMember(stream), COMMANDS[operation], { ...this.#sdk.config });
    const port = url.port ? { port: Number(url.port) } : {};
    const path = `${url.pathname.replace(/\/$/, '')}/`;
    return { host: url.host, request: { protocol: url.protocol, hostname: url.hostname, path, ...port } };
  }

  async #signer(): Promise<RequestSigner> {
    this.#knownSigner ??= new RequestSigner({ region: await this.#sdk.config.region(), service: SERVICE });
    return this.#knownSigner;
  }
}

/** The encoding that a reply says it is in. */
function encodingOf({ headers }: HttpResponse): Encoding | undefined {
  const type = headers['content-type'] ?? '';
  if (type.startsWith(cborEncoding.contentType)) return cborEncoding;
  return type.includes('json') ? jsonEncoding : undefined;
}

/** JSON begins with it, and no map in CBOR does. */
const OPENING_BRACE = 0x7b;

function collect({ headers, body }: HttpResponse, onProgress?: () => void): Promise<Buffer> {
  if (!(body instanceof Readable)) return Promise.resolve(Buffer.alloc(0));
  const byteLength = Number(headers['content-length'] ?? Number.NaN);
  if (byteLength <= MAX_REPLY_BYTES) return bodyBuffers.collect(body, byteLength, onProgress);
  return collectUnsized(body, onProgress);
}

async function collectUnsized(body: Readable, onProgress: () => void = () => undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    onProgress();
    size += chunk.byteLength;
    if (size > MAX_REPLY_BYTES)
      throw Object.assign(new Error(`expected a reply of at most ${MAX_REPLY_BYTES} bytes`), { code: 'ECONNRESET' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

const isSent = ({ body }: HttpResponse): boolean =>
  (body as { readonly req?: { readonly writableFinished: boolean } } | undefined)?.req?.writableFinished === true;
