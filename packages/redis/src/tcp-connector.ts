/**
 * A connection to Redis that reads into one buffer, again and again. Node otherwise takes 64 KiB of new memory for each read, and payloads
 * would be joined from such pieces: garbage outside the heap that keeps V8 busier than everything else that is done with them.
 */
import { createConnection } from 'node:net';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import { replyBuffers } from './reply-buffers.ts';
import { ReplyChunks } from './reply-chunks.ts';

const READ_BYTES = 256 * 1024;

/** Does what ioredis' own does for a host and port without TLS. */
export class TcpConnector extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    super((options as { readonly disconnectTimeout: number }).disconnectTimeout);
    this.#options = options as RedisOptions;
  }

  override connect(): ReturnType<AbstractConnector['connect']> {
    const { host = 'localhost', port = 6379, family } = this.#options;
    this.connecting = true;
    return new Promise((resolve, reject) => {
      process.nextTick(() => {
        if (!this.connecting) return reject(new Error('Connection is closed.'));
        const chunks = new ReplyChunks((chunk) => stream.emit('data', chunk), replyBuffers);
        const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
        const callback = (bytes: number) => {
          chunks.read(buffer.subarray(0, bytes));
          return true;
        };
        const stream = createConnection({ host, port, ...(family !== undefined && { family }), onread: { buffer, callback } });
        this.stream = stream;
        stream.once('error', (error) => {
          this.firstError = error;
        });
        resolve(stream);
      });
    });
  }
}
