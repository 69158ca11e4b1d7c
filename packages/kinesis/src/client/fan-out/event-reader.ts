import { KinesisTimeoutError, KinesisUnavailableError } from '../../errors.ts';
import { joinPages, type RecordPage } from '../../page/record-page.ts';
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
  /** Its head was taken, and nothing behind that. */
  #begun: Message | undefined;

  constructor(body: StreamedReply['body'], options: EventReaderOptions) {
    this.#options = options;
    this.#body = body;
    this.#source = new ByteSource(body);
  }

  arrival(): Promise<number | undefined> {
    return this.#untilSilent(async () => {
      for (;;) {
        this.#begun ??= await this.#begin();
        const message = this.#begun;
        if (message === undefined) return undefined;
        if (isOfRecords(message)) return message.sizes.payloadBytes;
        this.#begun = undefined;
        await this.#passOver(message);
      }
    });
  }

  read(maxBytes = 0): Promise<RecordPage> {
    return this.#untilSilent(async () => {
      const pages: RecordPage[] = [];
      let bytes = 0;
      do {
        const message = this.#begun;
        if (message === undefined) throw new Error('an event is read only once it has arrived');
        this.#begun = undefined;
        bytes += message.sizes.payloadBytes;
        pages.push(await this.#pageOf(message));
      } while (bytes < maxBytes && (await this.#isNextHere()));
      return joinPages(pages);
    });
  }

  [Symbol.dispose](): void {
    this.#body.destroy();
  }

  /** Whether the next event has come to its last byte. What else comes is left for `arrival`. */
  async #isNextHere(): Promise<boolean> {
    if (this.#begun === undefined && this.#source.available < ROOM_OF_HEAD) return false;
    this.#begun ??= await this.#begin();
    const message = this.#begun;
    return message !== undefined && isOfRecords(message) && this.#source.available >= message.sizes.payloadBytes + CHECKSUM_BYTES;
  }

  async #pageOf(message: Message): Promise<RecordPage> {
    const payload = await this.#payloadOf(message);
    const { stream, shardId } = this.#options;
    try {
      return encodingOf(message).decodeGetRecords(payload, { stream, shardId });
    } catch (cause) {
      throw new KinesisUnavailableError('an event of a subscription cannot be read', { stream, shardId }, cause);
    }
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
    const facts = { operation: 'SubscribeToShard', stream, shardId };
    const timer = setTimeout(() => this.#body.destroy(new KinesisTimeoutError(silenceMs, facts)), silenceMs);
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
/** More than a prelude and headers take. */
const ROOM_OF_HEAD = 512;

const isOfRecords = ({ headers }: Message): boolean =>
  headers.get(':message-type') === 'event' && headers.get(':event-type') === 'SubscribeToShardEvent';

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
