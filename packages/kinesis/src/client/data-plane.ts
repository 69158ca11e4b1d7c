/**
 * PutRecords, GetRecords and SubscribeToShard, with the SDK's region, credentials and endpoint, but past its middleware: that costs more than everything else in
 * such a call together.
 */
import { buffer } from 'node:stream/consumers';
import { GetRecordsCommand, PutRecordsCommand, type KinesisClient as SdkClient, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import type { SubscribeInput } from '../ports.ts';
import type { BodyBuffers } from '../wire/body-buffers.ts';
import { cborEncoding } from '../wire/cbor/cbor-encoding.ts';
import type { Encoding } from '../wire/encoding.ts';
import { jsonEncoding } from '../wire/json/json-encoding.ts';
import { streamMember } from '../wire/stream-member.ts';
import { RequestSigner } from './request-signer.ts';
import { readServiceError, ServiceError } from './service-reply.ts';
import type { Endpoint, Exchange, Headers, Reply, StreamedReply, StreamTransport, Transport } from './transport/transport.ts';

const COMMANDS = { PutRecords: PutRecordsCommand, GetRecords: GetRecordsCommand, SubscribeToShard: SubscribeToShardCommand };
type Operation = keyof typeof COMMANDS;
const TARGET_PREFIX = 'Kinesis_20131202';
const SERVICE = 'kinesis';

export interface DataCall<Output> {
  readonly operation: 'PutRecords' | 'GetRecords';
  readonly stream: string;
  encode(encoding: Encoding, buffers: BodyBuffers): Buffer;
  /** @param free takes the body back; absent where that is done afterwards anyway */
  decode(encoding: Encoding, body: Buffer, free?: () => void): Output;
  /** Called last of all, once the request is signed and a connection is free. What it throws ends the call. */
  beforeSending?(): void;
  /** Called with each part of the reply that comes. */
  onProgress?(): void;
}

export interface DataPlaneSettings {
  readonly transport: Transport;
  /** Where bodies come from, and where the transport gives them back to. */
  readonly buffers: BodyBuffers;
  readonly userAgent: string;
  readonly encoding?: 'cbor' | 'json' | undefined;
}

export class DataPlane {
  readonly #sdk: SdkClient;
  readonly #transport: Transport;
  readonly #buffers: BodyBuffers;
  readonly #userAgent: string;
  readonly #endpoints = new Map<string, Promise<Endpoint>>();
  #knownSigner: RequestSigner | undefined;
  #encoding: Encoding;
  /** How far the clock of the service is ahead of ours. */
  #clockOffsetMs = 0;

  constructor(sdk: SdkClient, { transport, buffers, userAgent, encoding = 'cbor' }: DataPlaneSettings) {
    this.#sdk = sdk;
    this.#transport = transport;
    this.#buffers = buffers;
    this.#userAgent = userAgent;
    this.#encoding = encoding === 'cbor' ? cborEncoding : jsonEncoding;
  }

  /**
   * @throws {SluiceError} what `decode` throws for a success that is none of the service's
   * @throws {Error} named as the service names the error; what the transport rejects with; what `beforeSending` throws
   */
  async call<Output>(call: DataCall<Output>, abortSignal: AbortSignal): Promise<Output> {
    return await this.#inEncoding((encoding) => this.#exchange(call, encoding, abortSignal));
  }

  /**
   * The answer to SubscribeToShard, once its head is there; its body is an event stream.
   * @throws as {@link call} does
   */
  async subscribe(input: SubscribeInput, streams: StreamTransport, abortSignal: AbortSignal): Promise<StreamedReply> {
    return await this.#inEncoding(async (encoding) => {
      const endpoint = await this.#endpointOf('SubscribeToShard', input.consumerArn);
      const encode = () => encoding.encodeSubscribe(input);
      const request = await this.#sign('SubscribeToShard', endpoint, encoding, encode, abortSignal);
      const reply = await streams.open({ endpoint, request, beforeSending: () => input.beforeSending?.() }, abortSignal);
      if (reply.statusCode < 300) return reply;
      const body = await buffer(reply.body);
      throw this.#errorOf({ ...reply, body }, encodingOf(reply.headers));
    });
  }

  /** In JSON, then and from then on, where the endpoint does not understand what it is asked in. */
  async #inEncoding<Output>(ask: (encoding: Encoding) => Promise<Output>): Promise<Output> {
    const encoding = this.#encoding;
    try {
      return await ask(encoding);
    } catch (error) {
      const isForJson = encoding !== jsonEncoding && error instanceof ServiceError && error.isNotUnderstood;
      if (!isForJson) throw error;
      const output = await ask(jsonEncoding);
      this.#encoding = jsonEncoding;
      return output;
    }
  }

  async #sign(operation: Operation, { host, path }: Endpoint, { contentType }: Encoding, encode: () => Buffer, abortSignal: AbortSignal) {
    const signer = await this.#signer();
    const identity = await this.#sdk.config.credentials();
    abortSignal.throwIfAborted();
    const body = encode();
    const unsigned = { host, path, target: `${TARGET_PREFIX}.${operation}`, contentType, body };
    const headers = signer.sign(unsigned, identity, Date.now() + this.#clockOffsetMs);
    headers['user-agent'] = this.#userAgent;
    return { headers, body };
  }

  async #exchange<Output>(call: DataCall<Output>, encoding: Encoding, abortSignal: AbortSignal): Promise<Output> {
    const { operation, stream } = call;
    const endpoint = await this.#endpointOf(operation, stream);
    const encode = () => call.encode(encoding, this.#buffers);
    const exchange: Exchange<Output> = {
      endpoint,
      request: await this.#sign(operation, endpoint, encoding, encode, abortSignal),
      beforeSending: () => call.beforeSending?.(),
      keepsBody: (replyHeaders) => keepsBody(call, replyHeaders, encoding),
      read: (reply) => this.#read(call, reply, encoding),
      onProgress: () => call.onProgress?.(),
    };
    return await this.#transport.exchange(exchange, abortSignal);
  }

  #read<Output>(call: DataCall<Output>, reply: Reply, asked: Encoding): Output {
    const { body, headers, statusCode } = reply;
    const encoding = encodingOf(headers) ?? (body[0] === OPENING_BRACE ? jsonEncoding : undefined);
    if (statusCode < 300)
      return call.decode(encoding ?? asked, body, keepsBody(call, headers, asked) ? () => this.#buffers.release(body) : undefined);
    throw this.#errorOf(reply, encoding);
  }

  #errorOf(reply: Reply, encoding: Encoding | undefined): ServiceError {
    const error = readServiceError(reply, encoding);
    this.#clockOffsetMs = error.clockOffsetMs ?? this.#clockOffsetMs;
    return error;
  }

  /** @param stream name or ARN of a stream, or the ARN of a consumer */
  #endpointOf(operation: Operation, stream: string): Promise<Endpoint> {
    const known = this.#endpoints.get(stream);
    if (known !== undefined) return known;
    const endpoint = this.#resolveEndpoint(operation, stream);
    this.#endpoints.set(stream, endpoint);
    void endpoint.catch(() => this.#endpoints.delete(stream));
    return endpoint;
  }

  async #resolveEndpoint(operation: Operation, stream: string): Promise<Endpoint> {
    const members = operation === 'SubscribeToShard' ? { ConsumerARN: stream } : streamMember(stream);
    const { url } = await getEndpointFromInstructions(members, COMMANDS[operation], { ...this.#sdk.config });
    const port = url.port ? { port: Number(url.port) } : {};
    const path = `${url.pathname.replace(/\/$/, '')}/`;
    return { host: url.host, protocol: url.protocol, hostname: url.hostname, path, ...port };
  }

  async #signer(): Promise<RequestSigner> {
    this.#knownSigner ??= new RequestSigner({ region: await this.#sdk.config.region(), service: SERVICE });
    return this.#knownSigner;
  }
}

const keepsBody = ({ operation }: DataCall<unknown>, headers: Headers, asked: Encoding): boolean =>
  operation === 'GetRecords' && (encodingOf(headers) ?? asked).keepsBody;

/** The encoding that a reply says it is in. */
function encodingOf(headers: Headers): Encoding | undefined {
  const type = headers['content-type'] ?? '';
  if (type.startsWith(cborEncoding.contentType)) return cborEncoding;
  return type.includes('json') ? jsonEncoding : undefined;
}

/** JSON begins with it, and no map in CBOR does. */
const OPENING_BRACE = 0x7b;
