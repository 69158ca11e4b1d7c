// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

/** Sends requests to a pipeline in turn, and stops it. The text of each answer, with its status and content type. */
async function exchange(config: (port: number) => string, requests: readonly (readonly [string, RequestInit?])[]): Promise<string[]> {
  const port = await freePort();
  const stop = new AbortController();
  const running = runText(config(port), { stop: stop.signal });
  const answers: string[] = [];
  for (const [path, init] of requests) {
    const response = await untilListening(() => fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', ...init }));
    const type = response.headers.get('content-type');
    const boundary = /boundary=(.*)/.exec(type ?? '')?.[1] ?? '-';
    const hidden = (text: string) => text.replaceAll(boundary, 'B');
    answers.push(
      `${response.status} ${boundary === '-' ? type : hidden(type!)}: ${boundary === '-' ? await response.text() : hidden(await response.text())}`,
    );
  }
  stop.abort();
  await running;
  return answers;
}

const input = (port: number, fields = '') => `input: {http_server: {address: '127.0.0.1:${port}', path: '/in/{place}', ${fields}}}\n`;
const OCTETS = 'application/octet-stream';
const PLAIN = 'text/plain; charset=utf-8';

describe('http_server', () => {
  it('answers with what a sync_response says, and with nothing where none does', async () => {
    const answer = `output: {switch: {cases: [{check: 'content() == "a"', output: {sync_response: {}, processors: [{mapping: 'root = content().uppercase()'}]}}, {output: {drop: {}}}]}}\n`;
    const requests = [['/in/x', { body: 'a' }] as const, ['/in/x', { body: 'b' }] as const];
    expect(await exchange((port) => input(port) + answer, requests)).toEqual([`200 ${OCTETS}: A`, '200 null: ']);
  });

  it('answers as a processor says, too', async () => {
    const config = (port: number) => `${input(port)}pipeline: {processors: [{sync_response: {}}, {mapping: root = deleted()}]}\n`;
    expect(await exchange(config, [['/in/x', { body: 'a' }]])).toEqual([`200 ${OCTETS}: a`]);
  });

  it('answers several messages in parts, and takes a batch in parts', async () => {
    const parts = ['--X\r\nContent-Type: text/plain\r\n\r\na\r\n--X\r\n\r\nb\r\n--X--\r\n'].join('');
    const [answer] = await exchange(
      (port) => `${input(port)}output: {sync_response: {}}\n`,
      [['/in/x', { body: parts, headers: { 'Content-Type': 'multipart/form-data; boundary=X' } }]],
    );
    expect(answer).toBe(
      `200 multipart/form-data; boundary=B: --B\r\nContent-Type: ${PLAIN}\r\n\r\na\r\n--B\r\nContent-Type: ${PLAIN}\r\n\r\nb\r\n--B--\r\n`,
    );
  });

  it('tells in metadata where a request came from', async () => {
    const mapping = `root = [@place, @q, @Content-Type, @X-A, @c, @http_server_verb, @http_server_request_path, @http_server_remote_ip]`;
    const config = (port: number) =>
      `${input(port)}output: {sync_response: {}, processors: [{mapping: '${mapping.replace('@Content-Type', 'metadata("Content-Type")').replace('@X-A', 'metadata("X-A")')}'}]}\n`;
    const headers = { 'Content-Type': 'text/x', 'X-A': '1', Cookie: 'c=2' };
    expect(await exchange(config, [['/in/here?q=a&q=b', { body: '', headers }]])).toEqual([
      `200 ${OCTETS}: ["here","a","text/x","1","2","POST","/in/here","127.0.0.1"]`,
    ]);
  });

  it('says where it cannot listen', async () => {
    await expect(runText(`${input(99_999)}output: {drop: {}}\n`)).rejects.toMatchObject({
      code: 'COMPONENT_CONFIG',
      message: expect.stringContaining('expected `host:port` with a port of 0 to 65535, found `127.0.0.1:99999`'),
    });
  });

  it('refuses with the reason, other methods, other paths, and a status that is none', async () => {
    const config = (port: number) =>
      `${input(port, 'sync_response: {status: \'${! metadata("place") }\', headers: {X-B: b}}')}output: {fallback: [{reject_errored: {sync_response: {}}}]}\npipeline: {processors: [{mapping: 'root = if content() == "bad" { throw("no") }'}]}\n`;
    const requests = [
      ['/in/201', { body: 'a' }],
      ['/in/x', { body: 'a' }],
      ['/in/201', { body: 'bad' }],
      ['/in/x', { method: 'PUT' }],
      ['/in', {}],
    ] as const;
    expect(await exchange(config, requests)).toEqual([
      '201 null: a',
      `502 ${PLAIN}: the status of the answer is no number\n`,
      `502 ${PLAIN}: rejecting due to failed processing: failed assignment (line 1): no\n`,
      `405 ${PLAIN}: Incorrect method\n`,
      `404 ${PLAIN}: 404 page not found\n`,
    ]);
  });

  it('gives up a request that takes too long', async () => {
    const config = (port: number) =>
      `${input(port, 'timeout: 10ms')}output: {switch: {cases: [{output: {sync_response: {}}}]}, processors: [{sleep: {duration: 300ms}}]}\n`;
    expect(await exchange(config, [['/in/x', { body: 'a' }]])).toEqual([`408 ${PLAIN}: Request timed out\n`]);
  });

  it('holds requests to a rate limit', async () => {
    const config = (port: number) =>
      `${input(port, 'rate_limit: r')}output: {drop: {}}\nrate_limit_resources: [{label: r, local: {count: 1, interval: 1h}}]\n`;
    expect(await exchange(config, [['/in/x'], ['/in/x']])).toEqual(['200 null: ', `429 ${PLAIN}: Too Many Requests\n`]);
  });

  it('shares the server of `http`, below its root path too', async () => {
    const config = (port: number) =>
      `http: {address: '127.0.0.1:${port}', root_path: /b}\ninput: {http_server: {path: /in}}\noutput: {sync_response: {}}\n`;
    const requests = [
      ['/in', { body: 'a' }],
      ['/b/in', { body: 'b' }],
      ['/ping', { method: 'GET' }],
      ['/b/ready', { method: 'GET' }],
    ] as const;
    expect(await exchange(config, requests)).toEqual([
      `200 ${OCTETS}: a`,
      `200 ${OCTETS}: b`,
      `200 ${PLAIN}: pong`,
      '200 application/json: {"statuses":[{"label":"","path":"input","connected":true},{"label":"","path":"output","connected":true}]}\n',
    ]);
  });
});

describe('http_client', () => {
  it('sends what the pipeline gives it, and hands the answer back', async () => {
    const target = await freePort();
    const stop = new AbortController();
    const text = `input: {http_server: {address: '127.0.0.1:${target}', path: /in}}\noutput: {sync_response: {}, processors: [{mapping: 'root = "got " + content().string()'}]}\n`;
    const receiver = runText(text, { stop: stop.signal });
    await untilListening(() => fetch(`http://127.0.0.1:${target}/in`));
    const client = `{http_client: {url: 'http://127.0.0.1:${target}/in', propagate_response: true, batching: {count: 1}}}`;
    expect(await exchange((port) => `${input(port)}output: ${client}\n`, [['/in/x', { body: 'a' }]])).toEqual([`200 ${OCTETS}: got a`]);
    stop.abort();
    await receiver;
  });

  it('fails message by message', async () => {
    const client = `{http_client: {url: 'http://127.0.0.1:1/', retries: 0}}`;
    const cases = `{fallback: [{switch: {cases: [{check: this == 2, output: ${client}}, {output: {stdout: {}}}]}}, {stdout: {}, processors: [{mapping: 'root = "failed " + content().string()'}]}]}`;
    const text = `input: {generate: {count: 3, batch_size: 3, interval: '', mapping: 'root = count("http client")'}}\noutput: ${cases}\n`;
    expect((await runText(text)).split('\n').sort().filter(Boolean)).toEqual(['1', '3', 'failed 2']);
  });
});

it('inproc hands messages from an output to an input', async () => {
  const generate = `{generate: {count: 2, interval: '', mapping: 'root = "a"'}}`;
  const stop = new AbortController();
  const text = `input: {broker: {inputs: [{inproc: x}, ${generate}]}}\noutput: {switch: {cases: [{check: '@seen == 1', output: {stdout: {}}}, {output: {inproc: x, processors: [{mapping: meta seen = 1}]}}]}}\n`;
  const onOutput = (written: string) => written === 'a\na\n' && stop.abort();
  expect(await runText(text, { stop: stop.signal, onOutput })).toBe('a\na\n');
});

it('cache keeps messages under keys', async () => {
  const text = `input: {stdin: {}}\noutput: {broker: {pattern: fan_out_sequential, outputs: [{cache: {target: c, key: '\${! content() }'}}, {stdout: {}, processors: [{cache: {resource: c, operator: get, key: a}}]}]}}\ncache_resources: [{label: c, memory: {}}]\n`;
  expect(await runText(text, { stdin: 'a\n' })).toBe('a\n');
});

it.each(['{cache: {target: c}}', '{http_client: {url: x, rate_limit: r}}'])('%s cannot run without its resource', async (output) => {
  await expect(runText(`output: ${output}\n`)).rejects.toThrow(/no cache|not found/);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}

async function untilListening(send: () => Promise<Response>): Promise<Response> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if ((error as { cause?: { code?: string } }).cause?.code !== 'ECONNREFUSED') throw error;
    }
  }
}
