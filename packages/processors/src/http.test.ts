// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import type { HttpOutcome, HttpRequest } from './http-port.ts';
import type { ProcessedMessage } from './processor.ts';
import { messageOf, resourcesOf, step, text } from './testing/chain.ts';

const MULTIPART = { 'content-type': 'multipart/mixed; boundary=B' };
const partsOf = (...texts: string[]) => `${texts.map((one) => `--B\r\n\r\n${one}\r\n`).join('')}--B--`;

describe('http', () => {
  it('sends each message by itself, with its metadata where that is asked for', async () => {
    const { run, sent } = httpOf({ metadata: names('trace_'), headers: { X: text('${! batch_index() }') } }, (request) =>
      answered(`got ${textOf(request.body)}`),
    );
    expect(await run([messageOf('a', { trace_id: 1, other: 2 }), messageOf('b')])).toEqual(['got a <- 0', 'got b <- 1']);
    expect(sent.map(({ url, method, headers, body }) => [url, method, headers, textOf(body)])).toEqual([
      ['http://h/a', 'POST', { 'Content-Type': 'application/octet-stream', trace_id: '1', X: '0' }, 'a'],
      ['http://h/b', 'POST', { 'Content-Type': 'application/octet-stream', X: '1' }, 'b'],
    ]);
  });

  it('makes the body of parts where these are given, whatever type is asked for', async () => {
    const part = (type: string, disposition: string, body: string) => ({
      content_type: text(type),
      content_disposition: text(disposition),
      body: text(body),
    });
    const multipart = [
      part('text/plain', 'form-data; name="id"', '${! json("id") }'),
      part('application/json', '${! @disposition }', '${! content() }'),
    ];
    const { run, sent } = httpOf({ multipart, url: text('http://h'), headers: { 'content-type': text('x') } }, () => answered('ok'));
    const left = await run([
      messageOf('{"id":7}', { disposition: 'form-data; name="all"' }),
      messageOf('{"id":8}', { disposition: 'a\r\nb' }),
    ]);
    expect(left).toEqual(['ok <- 0', '{"id":8} <- 1 ! multipart 1 content_disposition: expected one line, found several']);
    const [{ headers, body }] = sent as [HttpRequest];
    const [, boundary] = /^multipart\/form-data; boundary=(\w+)$/.exec(headers['Content-Type']!)!;
    expect(Object.keys(headers)).toEqual(['Content-Type']);
    expect(textOf(body).replaceAll(boundary!, 'B').split('\r\n')).toEqual([
      ...['--B', 'Content-Disposition: form-data; name="id"', 'Content-Type: text/plain', '', '7'],
      ...['--B', 'Content-Disposition: form-data; name="all"', 'Content-Type: application/json', '', '{"id":7}'],
      ...['--B--', ''],
    ]);
  });

  it('flags a message that no attempt brought through, and leaves its content', async () => {
    const { run, messages } = httpOf({ extract_headers: names('x-') }, () => ({
      ...answered('no', { 'x-why': ['a', 'b'], other: 'c' }, 500),
      problem: 'it failed',
    }));
    expect(await run([messageOf('a')])).toEqual(['a <- 0 ! it failed']);
    expect(messages[0]!.message.metadata).toEqual({ http_status_code: 500, 'x-why': ['a', 'b'] });
  });

  it('flags a message whose URL fails, and sends nothing for it', async () => {
    const { run, sent } = httpOf({ url: text('http://h/${! json("id") }') }, () => answered('yes'));
    expect(await run([messageOf('{"id":1}'), messageOf('none')])).toEqual([
      'yes <- 0',
      expect.stringContaining('none <- 1 ! url interpolation error: '),
    ]);
    expect(sent).toHaveLength(1);
  });

  it('makes several messages of an answer of several parts', async () => {
    const { run } = httpOf({}, () => answered(partsOf('1', '2'), MULTIPART));
    expect(await run([messageOf('a'), messageOf('b')])).toEqual(['1 <- 0', '2 <- 0', '1 <- 1', '2 <- 1']);
  });

  it('sends a batch as one request, whose answers stand for their messages, or for all where their number differs', async () => {
    const { run, sent } = httpOf({ batch_as_multipart: true }, (request) =>
      answered(partsOf(...(request.url.endsWith('a') ? ['1', '2'] : ['all'])), MULTIPART),
    );
    expect(await run([messageOf('a'), messageOf('b')])).toEqual(['1 <- 0', '2 <- 1']);
    expect(sent[0]!.headers['Content-Type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(await run([messageOf('c'), messageOf('d')])).toEqual(['all <- 0,1']);
  });

  it('takes a place of its limit for each attempt', async () => {
    let places = 0;
    const limit = {
      access: () => {
        places++;
        return 0;
      },
    };
    const { run } = httpOf({ rate_limit: 'r' }, () => answered('yes'), resourcesOf({ limit }));
    await run([messageOf('a'), messageOf('b')]);
    expect(places).toBe(2);
  });

  it('is refused where nothing can be sent', () => {
    expect(() => compileProcessors([step('http', OPTIONS)], { logger: silentLogger, clock: systemClock, refusesFailed: false })).toThrow(
      'expected a way to send HTTP requests',
    );
  });
});

const names = (...prefixes: string[]) => ({ include_prefixes: prefixes, include_patterns: [] });

const OPTIONS = {
  ...{ url: text('http://h/${! content() }'), verb: 'POST', headers: {}, metadata: names(), extract_headers: names(), rate_limit: '' },
  ...{ timeout: 5_000, retry_period: 1_000, max_retry_backoff: 300_000, retries: 3, follow_redirects: true },
  ...{ backoff_on: [429], drop_on: [], successful_on: [], proxy_url: '' },
  basic_auth: { enabled: false, username: '', password: '' },
  tls: { enabled: false },
  ...{ batch_as_multipart: false, parallel: false },
};

const answered = (body: string, headers: Record<string, string | string[]> = {}, status = 200): HttpOutcome => ({
  answer: { status, headers, body: Buffer.from(body) },
  problem: undefined,
});

function httpOf(options: object, answer: (request: HttpRequest) => HttpOutcome, resources = resourcesOf({})) {
  const sent: HttpRequest[] = [];
  const messages: ProcessedMessage[] = [];
  const openHttp = () => ({
    send: async (request: HttpRequest, _: AbortSignal, admit?: () => Promise<void>) => {
      await admit?.();
      sent.push(request);
      return answer(request);
    },
  });
  const ports = { logger: silentLogger, clock: systemClock, resources, openHttp };
  const chain = compileProcessors([step('http', { ...OPTIONS, ...options })], { ...ports, refusesFailed: false });
  const run = async (batch: readonly ProcessedMessage['message'][]) => {
    const results = await chain.run(batch);
    messages.push(...results);
    return results.map(
      ({ message: { content, failure }, sources }) => `${textOf(content)} <- ${sources.join(',')}${failure ? ` ! ${failure.message}` : ''}`,
    );
  };
  return { run, sent, messages };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
