/**
 * The HTTP front of functions: messages in, and a view of what functions send out.
 *
 *     PUT /{namespace}/{type}/{id}       202 once the message is durable in the function's lane
 *     GET /egress/{namespace}/{name}     what functions send to that egress from now on
 */
import type { Clock, SluiceRecord } from '@sluice/core';
import { encodeInvocation, encodeTypedValue, type FunctionAddress, formatAddress, functionTypeOf } from '@sluice/function-protocol';
import type { LaneSender } from '@sluice/queue';
import type { Tracing } from '@sluice/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EgressStream } from './egress-stream.ts';
import type { EgressTaps } from './egress-taps.ts';
import { RequestRefusedError } from './errors.ts';
import { readAddress } from './request-path.ts';
import { readTypedBody } from './typed-body.ts';

export interface HttpFrontPorts {
  /** Whether an endpoint serves functions of this type. */
  readonly isFunction: (type: string) => boolean;
  readonly isEgress: (id: string) => boolean;
  /** Opens the way to the lanes of a function type; called once a type. */
  readonly openSender: (type: string) => Promise<Pick<LaneSender, 'session' | 'laneOf' | 'enqueue' | 'pressure'>>;
  readonly taps: Pick<EgressTaps, 'listen'>;
  readonly clock: Clock;
  readonly tracing?: Tracing | undefined;
}

/** Clients that may watch egresses at a time. */
const MOST_WATCHERS = 16;
const BEAT_MS = 15_000;
/** In seconds: when a client may try again while the backlog is over its high water mark. */
const RETRY_AFTER = '1';

/** Adds the routes to a server. */
export function addHttpFront(server: FastifyInstance, ports: HttpFrontPorts): void {
  const senders = new Map<string, ReturnType<HttpFrontPorts['openSender']>>();
  let watchers = 0;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: HttpFailure, _, reply) => answerError(error, reply));
  server.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error: 'expected PUT /{namespace}/{type}/{id} or GET /egress/{namespace}/{name}' }),
  );

  const senderOf = (type: string) => {
    const opening = senders.get(type) ?? ports.openSender(type);
    senders.set(type, opening);
    opening.catch(() => senders.delete(type));
    return opening;
  };

  server.put('/*', async (request, reply) => {
    const address = readAddress(request.url);
    const type = functionTypeOf(address);
    if (!ports.isFunction(type)) throw new RequestRefusedError(404, `no endpoint serves functions of type ${type}`);
    const { typename, value } = readTypedBody(bodyOf(request));
    const sender = await senderOf(type);
    const { isOverHighWater, records } = await sender.pressure();
    if (isOverHighWater) {
      reply.header('retry-after', RETRY_AFTER);
      throw new RequestRefusedError(503, `${records} messages wait for ${type}, which is over its high water mark; try again later`);
    }
    const record = messageFor(address, encodeTypedValue({ typename, value }));
    const parent = request.headers['traceparent'];
    const span = ports.tracing?.start({
      ...{ name: `enqueue ${type}`, kind: 'producer', parent: Array.isArray(parent) ? undefined : parent },
      attributes: { 'sluice.function': type, 'http.request.method': 'PUT' },
    });
    const batch = { lane: sender.laneOf(address.id), records: [record], ...(span && { trace: span.traceparent }) };
    await sender.enqueue([batch], sender.session.epoch).finally(() => span?.end());
    return reply.code(202).send({ address: formatAddress(address), type: typename, bytes: value.byteLength });
  });

  server.get<{ Params: { namespace: string; name: string } }>('/egress/:namespace/:name', async (request, reply) => {
    const egressId = `${request.params.namespace}/${request.params.name}`;
    if (!ports.isEgress(egressId)) throw new RequestRefusedError(404, `there is no egress ${egressId}`);
    if (watchers >= MOST_WATCHERS) throw new RequestRefusedError(503, `${MOST_WATCHERS} clients watch egresses already`);
    watchers++;
    try {
      await watch(egressId, request, reply, ports);
    } finally {
      watchers--;
    }
  });
}

function bodyOf({ headers, body }: FastifyRequest) {
  const typename = headers['sluice-type'];
  return {
    contentType: headers['content-type'],
    typename: Array.isArray(typename) ? typename.join() : typename,
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  };
}

/** An id is the key of its record, so that a client's messages for it stay in order. */
const messageFor = ({ id }: FunctionAddress, argument: Uint8Array): SluiceRecord => ({
  partitionKey: id,
  data: encodeInvocation(undefined, argument),
  metadata: {},
});

/** Sends until the client goes. */
async function watch(egressId: string, request: FastifyRequest, reply: FastifyReply, { taps, clock }: HttpFrontPorts): Promise<void> {
  const isEventStream = request.headers.accept?.includes('text/event-stream') ?? false;
  const gone = new Promise<void>((resolve) => void reply.raw.once('close', resolve));
  const stream = new EgressStream(reply.raw, isEventStream);
  let isOpen = false;
  const stop = await taps.listen(egressId, (record) => {
    if (isOpen) stream.send(record);
  });
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': isEventStream ? 'text/event-stream' : 'application/x-ndjson', 'cache-control': 'no-store' });
  reply.raw.flushHeaders();
  isOpen = true;
  let timer: unknown;
  const beat = () => {
    stream.beat();
    timer = clock.setTimeout(beat, BEAT_MS);
  };
  timer = clock.setTimeout(beat, BEAT_MS);
  await gone;
  clock.clearTimeout(timer);
  stop();
}

interface HttpFailure extends Error {
  /** Fastify's. */
  readonly statusCode?: number;
  /** Ours. */
  readonly status?: number;
  readonly disposition?: string;
}

function answerError(error: HttpFailure, reply: FastifyReply) {
  const isRetry = error.disposition === 'retry';
  if (isRetry) reply.header('retry-after', RETRY_AFTER);
  const status = error.status ?? error.statusCode ?? (isRetry ? 503 : 500);
  return reply.code(status).send({ error: error.message });
}
