/** The HTTP server that recorded cases write to. */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** A status; `slow` answers after 1 s, `echo` with what it was sent. */
export type StubAnswer = number | 'slow' | 'echo';

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Stub {
  readonly url: string;
  readonly requests: readonly StubRequest[];
  close(): Promise<void>;
}

/** Headers that say nothing about a configuration. */
const IGNORED: ReadonlySet<string> = new Set([
  'host',
  'user-agent',
  'accept-encoding',
  'content-length',
  'connection',
  'accept',
  'accept-language',
  'sec-fetch-mode',
  'transfer-encoding',
]);

/** Answers in turn, and with 200 when these are spent. */
export async function startStub(answers: readonly StubAnswer[]): Promise<Stub> {
  const requests: StubRequest[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1];
      const hidden = (text: string) =>
        boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY').replaceAll('"BOUNDARY"', 'BOUNDARY');
      requests.push({ method: request.method!, path: request.url!, headers: headersOf(request.headers, hidden), body: hidden(body) });
      void answer(response, left.shift() ?? 200, body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(response: ServerResponse, kind: StubAnswer, body: string): Promise<void> {
  if (kind === 'slow') await delay(1_000);
  if (kind === 'echo') response.writeHead(202, { 'X-Stub': 'yes', 'Content-Type': 'text/plain' }).end(`echo:${body}`);
  else if (kind === 302) response.writeHead(302, { Location: '/y' }).end();
  else response.writeHead(kind === 'slow' ? 200 : kind).end(kind === 204 ? undefined : 'ok');
}

function headersOf(headers: NodeJS.Dict<string | string[]>, hidden: (text: string) => string): Record<string, string> {
  const told = Object.entries(headers).filter(([name]) => !IGNORED.has(name));
  return Object.fromEntries(told.map(([name, value]) => [canonical(name), hidden(String(value))]).sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

const canonical = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
