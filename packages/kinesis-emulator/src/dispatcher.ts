import { type Logger, SluiceError, sleep } from '@sluice/core';
import { EVENT_STREAM_TYPE } from './fan-out/event-stream.ts';
import { Subscription } from './fan-out/subscription.ts';
import type { Credentials } from './faults/credential-refusals.ts';
import type { Delivery, FaultInjector, FaultPlan } from './faults/fault-injector.ts';
import type { LostReply } from './faults/fault-settings.ts';
import { catalogue, isOperationName, type OperationName } from './operations/catalogue.ts';
import type { OperationContext, SubscriptionSettings } from './operations/operation.ts';
import type { Encoding, ReplyBody } from './protocol/encoding.ts';
import type { JsonObject } from './protocol/input.ts';
import { ServiceError, serialization } from './service-error.ts';
import type { Account } from './store/account.ts';

/** A request as far as its headers tell, and its body. */
export interface ApiRequest {
  /** The `X-Amz-Target` header. */
  readonly target: string;
  /** Who signed it. */
  readonly credentials: Credentials;
  /** When it says it was signed; milliseconds since 1970. */
  readonly signedAtMs: number | undefined;
  readonly body: Buffer;
  /** Of the body, and of the reply. */
  readonly encoding: Encoding;
}

export interface ApiReply {
  readonly status: number;
  readonly body: ReplyBody;
  readonly headers: Readonly<Record<string, string>>;
  /** What is pushed once the head is out. */
  readonly subscription?: Subscription | undefined;
  /** The reply must not be sent: the connection is reset, or left hanging. */
  readonly lost?: LostReply | undefined;
  /** How it goes out, where that is not at once and in full. */
  readonly delivery?: Delivery;
}

/** Told of each request once it was carried out, also when its reply is lost or cut. */
export interface RequestObservation {
  readonly operation: OperationName;
  /** Name of the stream, where the request has one. */
  readonly stream: string | undefined;
  /** Who signed the request. */
  readonly accessKeyId: string;
  /**
   * When its client signed it, to the second; milliseconds since 1970. A client decides to send right before it signs, so this tells what was
   * begun before a moment from what was begun after it, whenever it arrives.
   */
  readonly signedAtMs: number | undefined;
  /** When the operation took effect; milliseconds since 1970. */
  readonly atMs: number;
  /** The error's name, or `undefined`. */
  readonly error: string | undefined;
  readonly replyLost: boolean;
  /** Records that a PutRecord or PutRecords request carried. */
  readonly records: number;
}

export interface DispatcherParts {
  readonly account: Account;
  readonly faults: FaultInjector;
  readonly iteratorExpiryMs: number;
  readonly subscriptions: SubscriptionSettings;
  readonly logger: Logger;
  readonly onRequest?: ((observation: RequestObservation) => void) | undefined;
}

const TARGET_PREFIX = 'Kinesis_20131202.';
const FAULT_STATUS: Readonly<Record<string, number>> = { InternalFailure: 500, ServiceUnavailable: 503 };
const FAULT_MESSAGES: Readonly<Record<string, string>> = {
  ExpiredTokenException: 'The security token included in the request is expired',
  InvalidSignatureException: 'The request signature we calculated does not match the signature you provided.',
  UnrecognizedClientException: 'The security token included in the request is invalid.',
};

/** From request to reply, with the faults in between. Never rejects: what is not a `ServiceError` is logged and answered as an internal failure. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #closed = new AbortController();
  #underWay = 0;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Requests held back by an injected latency, before or after they are carried out, or to be carried out late. */
  get underWay(): number {
    return this.#underWay;
  }

  async dispatch(request: ApiRequest): Promise<ApiReply> {
    const { target } = request;
    const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
    if (!isOperationName(operation))
      return errorReply(new ServiceError('UnknownOperationException', `no operation ${target || 'was named'}`), request.encoding);
    const plan = this.#parts.faults.plan(operation, request.credentials);
    if (plan.lateMs !== undefined) {
      const carryOut = () => this.#carryOut(operation, request, plan);
      this.#wait(plan.lateMs).then(carryOut, () => undefined); // closed meanwhile: it is never carried out
      return { status: 500, headers: {}, body: '', lost: plan.lostReply ?? 'reset' };
    }
    await this.#wait(plan.delayMs);
    const reply = this.#carryOut(operation, request, plan);
    await this.#wait(plan.replyDelayMs);
    return reply;
  }

  /** Requests that are held back are never carried out, and their dispatch rejects. */
  close(): void {
    this.#closed.abort();
  }

  async #wait(delayMs: number): Promise<void> {
    if (delayMs === 0) return;
    this.#underWay++;
    await sleep(this.#parts.account.clock, delayMs, this.#closed.signal).finally(() => this.#underWay--);
  }

  #carryOut(operation: OperationName, { credentials, signedAtMs, body, encoding }: ApiRequest, plan: FaultPlan): ApiReply {
    const { account, onRequest } = this.#parts;
    let input: JsonObject = {};
    let error: ServiceError | undefined;
    let reply: ReplyBody | Subscription = '';
    try {
      if (body.length === 0) throw serialization('The request has no body.');
      input = encoding.decode(body);
      if (plan.error) throw injected(plan.error);
      reply = this.#run(operation, input, encoding, plan.failRecord);
    } catch (cause) {
      error = this.#asServiceError(operation, cause);
    }
    onRequest?.({
      operation,
      stream: streamNamed(input),
      accessKeyId: credentials.accessKeyId,
      signedAtMs,
      atMs: account.clock.now(),
      error: error?.type,
      replyLost: (plan.lostReply ?? plan.lateMs ?? plan.delivery.cutAfter) !== undefined,
      records: recordsIn(operation, input),
    });
    const answer = error ? errorReply(error, encoding) : successReply(reply, encoding);
    return { ...answer, lost: plan.lostReply, delivery: plan.delivery };
  }

  #run(operation: OperationName, input: JsonObject, encoding: Encoding, failRecord: OperationContext['failRecord']) {
    const { account, faults, iteratorExpiryMs, subscriptions } = this.#parts;
    const { clock } = account;
    const { controlPlane } = faults;
    const result = catalogue[operation]({ account, clock, iteratorExpiryMs, subscriptions, controlPlane, encoding, failRecord }, input);
    if (result === undefined) return '';
    return typeof result === 'string' || Buffer.isBuffer(result) || result instanceof Subscription ? result : encoding.encode(result);
  }

  #asServiceError(operation: OperationName, cause: unknown): ServiceError {
    if (cause instanceof ServiceError) return cause;
    if (cause instanceof SluiceError) this.#parts.logger.error(cause.message, { operation, code: cause.code });
    else
      this.#parts.logger.error('operation failed on a bug of the emulator', { operation, error: String((cause as Error)?.stack ?? cause) });
    return new ServiceError('InternalFailure', 'Internal service failure.', 500);
  }
}

const injected = (type: string) => new ServiceError(type, FAULT_MESSAGES[type] ?? 'injected by the emulator', FAULT_STATUS[type] ?? 400);

const successReply = (reply: ReplyBody | Subscription, { contentType }: Encoding): ApiReply =>
  reply instanceof Subscription
    ? { status: 200, headers: { 'content-type': EVENT_STREAM_TYPE }, body: '', subscription: reply }
    : { status: 200, headers: { 'content-type': contentType }, body: reply };

/** An error as the service's protocols have it. */
export const errorReply = ({ type, message, status }: ServiceError, encoding: Encoding): ApiReply => ({
  status,
  headers: { 'content-type': encoding.contentType, ...(encoding.namesErrorsInHeader && { 'x-amzn-errortype': type }) },
  body: encoding.encode({ __type: type, message }),
});

function streamNamed({ StreamName: name, StreamARN: arn, ConsumerARN: consumer }: JsonObject): string | undefined {
  if (typeof name === 'string') return name;
  const known = arn ?? consumer;
  return typeof known === 'string' ? known.split('/')[1] : undefined;
}

function recordsIn(operation: OperationName, { Records: records }: JsonObject): number {
  if (operation === 'PutRecord') return 1;
  return Array.isArray(records) ? records.length : 0;
}
