import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type Clock, sleep } from '@sluice/core';
import type { ApiReply } from '../dispatcher.ts';
import type { ReplyBody } from '../protocol/encoding.ts';

const SLICES_A_SECOND = 20;

/** Sends a reply, or as much of it and as fast as its faults allow. Rejects when the emulator has a bug, not when the client goes away. */
export async function sendReply(request: IncomingMessage, response: ServerResponse, reply: ApiReply, clock: Clock): Promise<void> {
  const { bytesPerSecond, cutAfter } = reply.delivery ?? {};
  if (reply.lost === 'hang') return;
  if (reply.lost === 'reset') {
    // Node cannot reset a TLS connection; it is closed then.
    if (request.socket instanceof TLSSocket) request.socket.destroy();
    else request.socket.resetAndDestroy();
    return;
  }
  const { status, body } = reply;
  const headers = { ...reply.headers, 'content-length': Buffer.byteLength(body), 'x-amzn-requestid': randomUUID() };
  if (cutAfter) {
    sendCut(request, rawReply(status, headers, body), cutAfter);
    return;
  }
  response.writeHead(status, headers);
  if (bytesPerSecond !== undefined) await writeSlowly(response, bytesOf(body), bytesPerSecond, clock);
  response.end(bytesPerSecond === undefined ? body : undefined);
}

const bytesOf = (body: ReplyBody): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

/** The whole reply as it would go over the wire, so that it can be cut within its head too. */
function rawReply(status: number, headers: Readonly<Record<string, string | number>>, body: ReplyBody): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`), bytesOf(body)]);
}

function sendCut({ socket }: IncomingMessage, reply: Buffer, cutAfter: (length: number) => number): void {
  socket.end(reply.subarray(0, cutAfter(reply.length)), () => socket.destroy());
}

/** Writes the body in slices, each after the time that it takes at this bandwidth; stops when the client goes away. */
async function writeSlowly(response: ServerResponse, body: Buffer, bytesPerSecond: number, clock: Clock): Promise<void> {
  const slice = Math.max(1, Math.floor(bytesPerSecond / SLICES_A_SECOND));
  for (let at = 0; at < body.length && !response.destroyed; at += slice) {
    const part = body.subarray(at, at + slice);
    await sleep(clock, (part.length / bytesPerSecond) * 1000);
    if (!response.write(part) && !response.destroyed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}
