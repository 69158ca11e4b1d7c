import { KinesisTimeoutError, KinesisUnavailableError } from '../../errors.ts';
import type { RecordPage } from '../../page/record-page.ts';
import type { ShardSubscription } from '../../ports.ts';
import { cborEncoding } from '../../wire/cbor/cbor-encoding.ts';
import type { Encoding } from '../../wire/encoding.ts';
import { jsonEncoding } from '../../wire/json/json-encoding.ts';
import { ServiceError } from '../service-reply.ts';
import type { StreamedReply } from '../transport/transport.ts';
import { ByteSource } from './byte-source.ts';
import { assertWhole, CHECKSUM_BYTES, PRELUDE_BYTES, type Prelude, readHeaders, readPrelude } from './event-frame.ts';

export interface EventReaderOptions {
  readonly stream: string;
  readonly shardId: string;
  /** The subscription is given up once nothing came for so long while something was waited for. The service is never silent for that long. */
  readonly silenceMs: number;
  /** What an error of the service, or of the network, means. */
  toError(cause: unknown): unknown;
}

interface Message {
  readonly prelude: Buffer;
  readonly sizes: Prelude;
  readonly headerBytes: Buffer;
  readonly headers: ReadonlyMap<string, string>;
}

/** The events of one subscription, each made a page. */
export class EventReader implements ShardSubscription {
  readonly #options: EventReaderOptions;
  readonly #body: StreamedReply['body'];
  readonly #source: ByteSource;
  #message: Message | undefined;

  constructor(body: StreamedReply['body'], options: EventReaderOptions) {
    this.#options = options;
    this.#body = body;
    this.#source = new ByteSource(body);
  }

  arrival(): Promise<number | undefined> {
    return this.#untilSilent(async () => {
      while (this.#message === undefined) {
        const message = await this.#begin();
        if (message === undefined) return undefined;
        const type = message.headers.get(':message-type');
        if (type === 'event' && message.headers.get(':event-type') === 'SubscribeToShardEvent') this.#message = message;
        else await this.#passOver(message);
      }
      return this.#message.sizes.payloadBytes;
    });
  }

  read(): Promise<RecordPage> {
    const message = this.#message;
    if (message === undefined) throw new Error('an event is read only once it has arrived');
    this.#message = undefined;
    return this.#untilSilent(async () => {
      const payload = await this.#payloadOf(message);
      const { stream, shardId } = this.#options;
      try {
        return encodingOf(message).decodeGetRecords(payload, { stream, shardId });
      } catch (cause) {
        throw new KinesisUnavailableError('an event of a subscription cannot be read', { stream, shardId }, cause);
      }
    });
  }

  [Symbol.dispose](): void {
    this.#body.destroy();
  }

  async #begin(): Promise<Message | undefined> {
    const prelude = await this.#source.take(PRELUDE_BYTES, this.#onBytes);
    if (prelude === undefined) return undefined;
    const sizes = readPrelude(prelude);
    const headerBytes = await this.#rest(sizes.headerBytes);
    return { prelude, sizes, headerBytes, headers: readHeaders(headerBytes) };
  }

  /** What begins an answer, what nobody knows yet, or an error. */
  async #passOver(message: Message): Promise<void> {
    const payload = await this.#payloadOf(message);
    if (message.headers.get(':message-type') === 'event') return;
    const name = message.headers.get(':exception-type') ?? message.headers.get(':error-code') ?? 'InternalFailureException';
    throw new ServiceError(name, message.headers.get(':error-message') ?? messageOf(message, payload), {
      ...{ httpStatusCode: 200, clockOffsetMs: undefined, isNotUnderstood: false },
    });
  }

  async #payloadOf({ prelude, headerBytes, sizes }: Message): Promise<Buffer> {
    const payload = await this.#rest(sizes.payloadBytes);
    assertWhole(prelude, headerBytes, payload, await this.#rest(CHECKSUM_BYTES));
    return payload;
  }

  async #rest(count: number): Promise<Buffer> {
    if (count === 0) return NOTHING;
    const bytes = await this.#source.take(count, this.#onBytes);
    if (bytes === undefined) throw new Error('a subscription ended within a message');
    return bytes;
  }

  #onBytes: () => void = () => undefined;

  async #untilSilent<Value>(work: () => Promise<Value>): Promise<Value> {
    const { silenceMs, toError, stream, shardId } = this.#options;
    const silent = new KinesisTimeoutError(silenceMs, { operation: 'SubscribeToShard', stream, shardId });
    const timer = setTimeout(() => this.#body.destroy(silent), silenceMs);
    this.#onBytes = () => timer.refresh();
    try {
      return await work();
    } catch (cause) {
      this.#body.destroy();
      throw toError(cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

const NOTHING = Buffer.alloc(0);

function encodingOf({ headers }: Message): Encoding {
  return headers.get(':content-type')?.startsWith(cborEncoding.contentType) ? cborEncoding : jsonEncoding;
}

function messageOf(message: Message, payload: Buffer): string {
  try {
    return encodingOf(message).decodeError(payload).message ?? '';
  } catch {
    return '';
  }
}
