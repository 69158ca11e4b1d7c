import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEADERS_END = Buffer.from('\r\n\r\n');

/** One keep-alive connection that sends requests made beforehand and hardly looks at the replies: a client that costs next to nothing. */
export class RawConnection {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #received = 0;
  /** Length of the reply under way, headers included; 0 until its headers are in. */
  #expected = 0;
  #resolve: ((reply: Buffer) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#onData(chunk));
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** The whole reply, headers and body. One request at a time. */
  send(request: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#expected === 0) this.#expected = replyLength(Buffer.concat(this.#chunks));
    if (this.#expected === 0 || this.#received < this.#expected) return;
    const reply = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#received = 0;
    this.#expected = 0;
    this.#resolve?.(reply);
  }
}

function replyLength(head: Buffer): number {
  const end = head.indexOf(HEADERS_END);
  if (end < 0) return 0;
  const length = /content-length: (\d+)/i.exec(head.toString('latin1', 0, end))?.[1];
  if (length === undefined) throw new Error('a reply without content-length');
  return end + HEADERS_END.length + Number(length);
}

/** The bytes of a signed-looking API request. */
export function apiRequest(operation: string, contentType: string, body: Buffer): Buffer {
  const headers = [
    'POST / HTTP/1.1',
    'host: 127.0.0.1',
    `content-type: ${contentType}`,
    `x-amz-target: Kinesis_20131202.${operation}`,
    'authorization: AWS4-HMAC-SHA256 Credential=bench/20261121/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${headers.join('\r\n')}\r\n\r\n`), body]);
}
