// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { type QueueStub, startQueueStub } from '@sluice/sqs/testing';
import { describe, expect, it } from 'vitest';
import { runText } from '../testing/rig.ts';

const THROTTLED = { status: 400, code: 'ThrottlingException' };

describe('aws_sqs', () => {
  it('sends batches of messages with what belongs to each', async () => {
    await using stub = await startQueueStub();
    const fields = `message_group_id: '\${! json("g") }', message_deduplication_id: 'd\${! json("n") }', metadata: {exclude_prefixes: [x_]}`;
    const mapping = mappingOf(
      ...['root = this', 'meta a = "one"', 'meta "b c" = "no name of an attribute"'],
      ...['meta empty = ""', 'meta x_y = "left out"', 'meta n = this.n'],
    );
    const text = `${mapping}output: ${outputTo(stub, `${fields}, batching: {count: 12}`, '.fifo')}\n`;
    await runText(text, { stdin: Array.from({ length: 12 }, (_, n) => `{"g":"${n % 2}","n":${n}}\n`).join('') });
    expect(stub.batches).toEqual([10, 2]);
    expect(stub.messages[3]).toEqual({ body: '{"g":"1","n":3}', attributes: { a: 'one', n: '3' }, group: '1', deduplication: 'd3' });
  });

  it('sends the first ten attributes, in the order of their names, and delays', async () => {
    await using stub = await startQueueStub();
    const mapping = mappingOf(...'lkjihgfedcba'.split('').map((name) => `meta ${name} = "1"`));
    const text = `${mapping}output: ${outputTo(stub, 'delay_seconds: "${! content() }"')}\n`;
    await runText(text, { stdin: '0\n7\n' });
    expect(stub.messages.map(({ delaySeconds }) => delaySeconds)).toEqual([undefined, 7]);
    expect(Object.keys(stub.messages[0]!.attributes).join('')).toBe('abcdefghij');
  });

  it('sends what was refused for a while again, and nothing else', async () => {
    await using stub = await startQueueStub();
    const refusals = [THROTTLED, THROTTLED];
    const once = new Set(['b', 'd']);
    stub.refuseCall = () => refusals.shift();
    stub.refuseMessage = (body) => (once.delete(body) ? { code: 'InternalError', isOurs: false } : undefined);
    await runText(`input: {stdin: {}}\noutput: ${outputTo(stub, 'batching: {count: 4}')}\n`, { stdin: 'a\nb\nc\nd\n' });
    expect(stub.batches).toEqual([4, 2]);
    expect(stub.messages.map(({ body }) => body)).toEqual(['a', 'c', 'b', 'd']);
  });

  it('hands on to a fallback just what failed, each with its reason', async () => {
    await using stub = await startQueueStub();
    stub.refuseMessage = (body) => {
      if (body === 'never') return { code: 'InvalidMessageContents', isOurs: true };
      return body === 'busy' ? { code: 'InternalError', isOurs: false } : undefined;
    };
    const fields = `delay_seconds: '\${! if content() == "wrong" { "soon" } else { "1" } }', message_group_id: '\${! if content() == "fails" { throw("no group") } else { "g" } }', batching: {count: 6}, max_retries: 1`;
    const rest = `{stdout: {}, processors: [{mapping: 'root = content() + " " + @fallback_error.re_replace_all("http[^ ]*", "URL")'}]}`;
    const stdin = ['a', 'never', 'wrong', 'fails', 'busy', 'b'].map((line) => `${line}\n`).join('');
    const written = await runText(`input: {stdin: {}}\noutput: {fallback: [${outputTo(stub, fields)}, ${rest}]}\n`, { stdin });
    expect(stub.messages.map(({ body }) => body)).toEqual(['a', 'b']);
    expect(
      written
        .split('\n')
        .filter(Boolean)
        .map((line) => line.slice(0, 70)),
    ).toEqual([
      'never queue URL refuses a message with InvalidMessageContents: as aske',
      'wrong `delay_seconds`: expected a whole number from 0 to 900, got anot',
      expect.stringContaining('fails `message_group_id`: interpolation error: '),
      'busy a message could not be sent to queue URL InternalError: as asked',
    ]);
  });

  it('leaves a queue that is not there to a fallback', async () => {
    await using stub = await startQueueStub();
    stub.refuseCall = () => ({ status: 400, code: 'QueueDoesNotExist' });
    const text = `input: {stdin: {}}\noutput: {fallback: [${outputTo(stub, 'max_retries: 1')}, {stdout: {}}]}\n`;
    expect(await runText(text, { stdin: 'a\n' })).toBe('a\n');
  });

  it('refuses what is no text', async () => {
    await using stub = await startQueueStub();
    const text = `input: {stdin: {}, processors: [{mapping: 'root = content().decode("base64")'}]}
output: {fallback: [${outputTo(stub)}, {stdout: {}, processors: [{mapping: 'root = @fallback_error'}]}]}
`;
    expect(await runText(text, { stdin: `${Buffer.from([0xff, 0xfe]).toString('base64')}\n` })).toContain('SQS takes text only');
    expect(stub.messages).toEqual([]);
  });

  it('gives up its pauses when the pipeline does', async () => {
    await using stub = await startQueueStub();
    const stop = new AbortController();
    stub.refuseCall = () => {
      stop.abort();
      return THROTTLED;
    };
    const fields = 'backoff: {initial_interval: 10m, max_interval: 10m, max_elapsed_time: 0s}';
    await runText(`input: {stdin: {}}\noutput: ${outputTo(stub, fields)}\n`, { stdin: 'a\n', stop: stop.signal, shutdownTimeoutMs: 1 });
    expect(stub.messages).toEqual([]);
  });
});

const mappingOf = (...lines: readonly string[]) =>
  `input:\n  stdin: {}\n  processors:\n    - mapping: |\n${lines.map((line) => `        ${line}\n`).join('')}`;

const BRIEF = 'backoff: {initial_interval: 1ms, max_interval: 1ms}';

const outputTo = ({ url }: QueueStub, fields = '', suffix = '') =>
  `{aws_sqs: {url: '${url}/1/q${suffix}', endpoint: '${url}', region: eu-west-1, credentials: {id: a, secret: b}, ${[fields, fields.includes('backoff') ? '' : BRIEF].filter(Boolean).join(', ')}}}`;
