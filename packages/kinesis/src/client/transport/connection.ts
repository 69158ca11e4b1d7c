/**
 * One connection to the service, with one request on it at a time.
 *
 *     idle ──▶ head ──▶ body ──▶ idle …
 *               └──▶ replay ──▶ closed    (any reply but a plain one)
 *
 * What is read belongs to the request that is open. Bytes that none has asked for, or more of them than a reply said it has, close the
 * connection: the reply to one request must never be taken for that to the next. A connection is used again only where request and reply have
 * both passed in full. The socket reads straight into the place where the bytes are to be: a buffer of the connection, or a large body.
 */
import type { Socket } from 'node:net';
import { MAX_REPLY_BYTES } from '../../limits.ts';
import type { BodyBuffers } from '../../wire/body-buffers.ts';
import { openSocket, type SocketSettings } from './open-socket.ts';
import { readMessage } from './read-message.ts';
import { type ReplayedReply, replayReply } from './replayed-reply.ts';
import { parseReplyHead, type ReplyHead } from './reply-head.ts';
import { requestHead } from './request-head.ts';
import { connectionError, type Exchange, type TransportParts } from './transport.ts';

/** Larger than the reply to 500 records. */
const READ_BYTES = 64 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
/** Up to here a body is copied behind its head, which is cheaper than a second buffer for the socket. */
const SMALL_BODY_BYTES = 16 * 1024;

interface OpenExchange {
  readonly exchange: Exchange<unknown>;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  requestBody: Buffer | undefined;
  isRequestSent: boolean;
}

interface OpenBody {
  readonly head: ReplyHead;
  readonly isKept: boolean;
  /** Where it is read to: one byte longer than the body, so that a reply which is too long shows. */
  readonly buffer: Buffer;
  /** Whether the buffer is the connection's own. */
  readonly isOwn: boolean;
  /** Where it begins in the buffer. */
  readonly start: number;
}

export class Connection {
  readonly #buffers: BodyBuffers;
  readonly #socket: Socket;
  readonly #own: Buffer;
  readonly #onClosed: (connection: Connection) => void;
  /** Bytes that were read of the reply, into the buffer in use. */
  #filled = 0;
  #open: OpenExchange | undefined;
  #body: OpenBody | undefined;
  #replay: ReplayedReply | undefined;
  #isUsable = true;
  #isPlain = true;
  #lastRequestId: string | undefined;
  idleMs: number | undefined;
  /** By the monotonic clock, milliseconds. */
  idleSinceMs = 0;

  static async open(
    settings: SocketSettings,
    parts: TransportParts,
    onClosed: (connection: Connection) => void,
    abortSignal: AbortSignal,
  ): Promise<Connection> {
    const own = Buffer.allocUnsafeSlow(READ_BYTES);
    let connection: Connection | undefined;
    let hasSpoken = false;
    const onread = {
      buffer: () => connection?.readTarget ?? own,
      callback(byteLength: number) {
        hasSpoken = true;
        connection?.onRead(byteLength);
        return true;
      },
    };
    const socket = await openSocket(settings, onread, abortSignal);
    connection = new Connection(socket, own, parts.buffers, onClosed);
    // Nothing was asked yet. Where it has ended meanwhile nobody has heard of that.
    if (hasSpoken || socket.destroyed) connection.close();
    return connection;
  }

  private constructor(socket: Socket, own: Buffer, buffers: BodyBuffers, onClosed: (connection: Connection) => void) {
    this.#socket = socket;
    this.#own = own;
    this.#buffers = buffers;
    this.#onClosed = onClosed;
    socket.on('error', (error) => this.close(error));
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#ended());
  }

  /** Whether another request may be sent. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /** Whether the server answers so that the next reply, too, can be read here. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** An idle connection keeps no process alive. */
  set isIdle(isIdle: boolean) {
    if (isIdle) this.#socket.unref();
    else this.#socket.ref();
  }

  exchange<Output>(exchange: Exchange<Output>, abortSignal: AbortSignal): Promise<Output> {
    if (!this.#isUsable) throw connectionError('socket hang up');
    const { headers, body } = exchange.request;
    const head = requestHead(exchange.endpoint, headers);
    exchange.beforeSending();
    return new Promise<Output>((resolve, reject) => {
      const onAbort = () => this.close(abortSignal.reason);
      const settled = () => abortSignal.removeEventListener('abort', onAbort);
      abortSignal.addEventListener('abort', onAbort, { once: true });
      this.#open = {
        exchange,
        resolve(output) {
          settled();
          resolve(output as Output);
        },
        reject(error) {
          settled();
          reject(error);
        },
        requestBody: body,
        isRequestSent: false,
      };
      this.#filled = 0;
      this.#send(head, body, this.#open);
    });
  }

  /** Ends the connection, and the exchange on it with this error. */
  close(reason: unknown = connectionError('socket hang up')): void {
    this.#isUsable = false;
    const open = this.#open;
    this.#open = undefined;
    this.#socket.destroy();
    this.#onClosed(this);
    this.#replay?.end(connectionError('socket hang up'));
    open?.reject(reason);
  }

  /** Where the next bytes go. */
  get readTarget(): Uint8Array {
    return (this.#body?.buffer ?? this.#own).subarray(this.#filled);
  }

  onRead(byteLength: number): void {
    const open = this.#open;
    open?.exchange.onProgress();
    if (!open) this.close();
    else if (this.#replay) this.#replay.push(this.#own.subarray(0, byteLength));
    else this.#readOn(open, byteLength);
  }

  #readOn(open: OpenExchange, byteLength: number): void {
    this.#filled += byteLength;
    if (!this.#body && !this.#readHead(open)) return;
    const { start, head } = this.#body!;
    const missing = start + head.byteLength - this.#filled;
    if (missing < 0) this.close(connectionError(`expected a reply of ${head.byteLength} bytes, got more`));
    else if (missing === 0) this.#finish(open, this.#body!);
  }

  #send(head: string, body: Buffer, open: OpenExchange): void {
    const onWritten = (error?: Error | null) => {
      open.isRequestSent = !error;
    };
    if (body.byteLength <= SMALL_BODY_BYTES) {
      const whole = Buffer.allocUnsafe(head.length + body.byteLength);
      whole.write(head, 'latin1');
      whole.set(body, head.length);
      this.#socket.write(whole, onWritten);
      return;
    }
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    this.#socket.write(body, onWritten);
    this.#socket.uncork();
  }

  /** Whether the head was read in full, and a body follows. */
  #readHead(open: OpenExchange): boolean {
    const received = this.#own.subarray(0, this.#filled);
    const end = received.indexOf(END_OF_HEAD);
    if (end < 0) {
      if (this.#filled === READ_BYTES) this.close(connectionError(`expected a head of less than ${READ_BYTES} bytes`));
      return false;
    }
    const head = parseReplyHead(received.toString('latin1', 0, end));
    if (!head) {
      this.#startReplay(open, received);
      return false;
    }
    const repeated = head.headers['x-amzn-requestid'];
    if (repeated !== undefined && repeated === this.#lastRequestId) {
      this.close(connectionError('expected the reply to this request, got that to the one before again'));
      return false;
    }
    this.#lastRequestId = repeated;
    if (head.byteLength > MAX_REPLY_BYTES) {
      this.close(connectionError(`expected a reply of at most ${MAX_REPLY_BYTES} bytes, got ${head.byteLength}`));
      return false;
    }
    this.#body = this.#openBody(open, head, received.subarray(end + END_OF_HEAD.length), end + END_OF_HEAD.length);
    return true;
  }

  #openBody({ exchange }: OpenExchange, head: ReplyHead, received: Buffer, at: number): OpenBody {
    const isKept = exchange.keepsBody(head.headers);
    const { byteLength } = head;
    if (!isKept && at + byteLength < READ_BYTES) return { head, isKept, buffer: this.#own, isOwn: true, start: at };
    const buffer = this.#buffers.take(byteLength + 1);
    this.#filled = received.copy(buffer);
    return { head, isKept, buffer, isOwn: false, start: 0 };
  }

  #finish(open: OpenExchange, { head, isKept, buffer, isOwn, start }: OpenBody): void {
    this.#body = undefined;
    this.#open = undefined;
    this.#filled = 0;
    this.idleMs = head.idleMs;
    this.#isUsable &&= head.isPersistent && open.isRequestSent;
    try {
      const body = buffer.subarray(start, start + head.byteLength);
      open.resolve(open.exchange.read({ statusCode: head.statusCode, headers: head.headers, body }));
    } catch (error) {
      open.reject(error);
    }
    if (!isKept && !isOwn) this.#buffers.release(buffer);
    // A server that answers early may not have read the request, which is then still on its way out.
    if (open.isRequestSent) this.#buffers.release(open.requestBody!);
    if (!this.#isUsable) this.close();
  }

  /** Lets a whole HTTP parser read the reply. The connection is not used again. */
  #startReplay(open: OpenExchange, received: Buffer): void {
    this.#isUsable = false;
    this.#filled = 0;
    const replay = replayReply();
    this.#replay = replay;
    replay.push(received);
    void replay.message
      .then((message) => {
        this.#isPlain = message.statusCode >= 300;
        return readMessage(message, open.exchange, this.#buffers);
      })
      .then(open.resolve, open.reject)
      .finally(() => this.close());
  }

  #ended(): void {
    // The end of a connection may be the end of a reply whose length is not told.
    if (this.#replay && this.#open) this.#replay.end();
    else
      this.close(
        connectionError(
          this.#body ? `reply ended after ${this.#filled} of ${this.#body.start + this.#body.head.byteLength} bytes` : 'socket hang up',
        ),
      );
  }
}
