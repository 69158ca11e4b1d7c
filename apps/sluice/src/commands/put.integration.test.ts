import { type KinesisEmulator, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

let kinesis: KinesisEmulator;
let stream = 0;

beforeAll(async () => {
  const streams = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`orders-${number}`, 1]));
  kinesis = await startKinesisEmulator({ streams });
});
afterAll(() => kinesis[Symbol.asyncDispose]());
beforeEach(() => {
  stream++;
});

describe('sluice put', () => {
  it('puts the lines of standard input, each under the key that it names', async () => {
    const answer = await put([name(), '--key', 'id'], '{"id":"a","n":1}\n\nno document\n{"id":"b","n":2}');
    expect(answer).toEqual({ code: 0, stdout: '', stderr: `3 records put into ${name()}\n` });
    expect(stored()).toEqual([
      ['a', '{"id":"a","n":1}'],
      ['no document', 'no document'],
      ['b', '{"id":"b","n":2}'],
    ]);
  });

  it('puts what a mapping makes, skips what it deletes, and stops at the count', async () => {
    const mapping = 'let n = count("n")\nroot = if $n % 2 == 0 { deleted() } else { {"id": "k", "n": $n} }';
    expect(await put([name(), '--generate', mapping, '--key', 'id', '--count', '2'])).toMatchObject({ code: 0 });
    expect(stored()).toEqual([
      ['k', '{"id":"k","n":1}'],
      ['k', '{"id":"k","n":3}'],
    ]);
  });

  it('says what is wrong, and puts nothing', async () => {
    expect(await put(['unknown'], 'x')).toMatchObject({ code: 1, stderr: expect.stringContaining('(STREAM_NOT_FOUND)') });
    expect(await put([name(), '--file', 'a', '--generate', 'root = 1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(PUT_USAGE)'),
    });
    expect(await put([name(), '--generate', 'root = throw("no")'])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('(GENERATE_FAILED)') },
    });
    expect(stored()).toEqual([]);
  });
});

const name = () => `orders-${stream}`;
const stored = () => kinesis.records(name()).map(({ partitionKey, data }) => [partitionKey, Buffer.from(data).toString()]);

const put = (args: readonly string[], input?: string) =>
  runSluice(['put', ...args], {
    ...(input === undefined ? {} : { input }),
    env: { AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'a' },
  });
