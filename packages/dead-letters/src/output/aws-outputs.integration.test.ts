import { createKinesisClient } from '@sluice/kinesis';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { type BucketStub, startBucketStub } from '@sluice/object-store/testing';
import { parseDeadLetterLine } from '@sluice/queue';
import { type QueueStub, startQueueStub } from '@sluice/sqs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsFor } from '../testing/client-settings.ts';
import { letterOf, outgoing } from '../testing/letters.ts';
import { openS3Output } from './s3-output.ts';
import { openSqsOutput } from './sqs-output.ts';
import { openStreamOutput } from './stream-output.ts';

const signal = new AbortController().signal;
const SENT = undefined;

describe('dead letters in S3', () => {
  let stub: BucketStub;
  beforeEach(async () => {
    stub = await startBucketStub();
  });
  afterEach(() => stub[Symbol.asyncDispose]());

  const open = async () => openS3Output({ bucket: 'b', prefix: 'dead/', isPathStyle: true }, await settingsFor(stub.url));

  it('are objects of lines, under the day of the first; the same letters replace their object', async () => {
    using output = await open();
    const letters = ['a', 'b'].map((id) => outgoing(letterOf(id)));
    expect(await output.put(letters, signal)).toEqual([SENT, SENT]);
    expect(await output.put(letters, signal)).toEqual([SENT, SENT]);
    await output.put([outgoing(letterOf('c'))], signal);
    expect([...stub.objects.keys()]).toEqual([
      expect.stringMatching(/^\/b\/dead\/2026\/11\/30\/output-orders-20261130T120000\.000Z-[0-9a-f]{16}\.jsonl$/),
      expect.stringMatching(/^\/b\/dead\/2026\/11\/30\//),
    ]);
    const [lines] = stub.objects.values();
    expect(idsOf(lines!.toString())).toEqual(['a', 'b']);
  });

  it('say which output failed, and why', async () => {
    using output = await open();
    stub.refuse = () => ({ status: 403, code: 'AccessDenied' });
    await expect(output.put([outgoing(letterOf('a'))], signal)).rejects.toMatchObject({
      code: 'DEAD_LETTER_OUTPUT_FAILED',
      disposition: 'retry',
      message: expect.stringMatching(/^dead letters could not be sent to s3:\/\/b\/dead\/: AccessDenied: as asked/),
    });
  });

  it('reject with the reason of the signal once nobody wants them', async () => {
    using output = await open();
    const ending = AbortSignal.abort(new Error('over'));
    await expect(output.put([outgoing(letterOf('a'))], ending)).rejects.toThrow('over');
  });
});

describe('dead letters in SQS', () => {
  let stub: QueueStub;
  beforeEach(async () => {
    stub = await startQueueStub();
  });
  afterEach(() => stub[Symbol.asyncDispose]());

  const open = async (name = 'q') => openSqsOutput(`${stub.url}/1/${name}`, await settingsFor(stub.url));

  it('are messages with attributes, ten in a call', async () => {
    using output = await open();
    const letters = Array.from({ length: 12 }, (_, index) => outgoing(letterOf(String(index))));
    expect(await output.put(letters, signal)).toEqual(letters.map(() => SENT));
    expect(stub.batches).toEqual([10, 2]);
    expect(stub.messages.map(({ body }) => parseDeadLetterLine(body, 1).id)).toEqual(letters.map(({ letter }) => letter.id));
    expect(stub.messages[0]).toEqual({
      body: letters[0]!.line,
      attributes: { target: 'output/orders', code: 'RECORD_TOO_LARGE' },
    });
  });

  it('have a group for each target in a queue that keeps order, and are known when they come again', async () => {
    using output = await open('q.fifo');
    const letters = [letterOf('a'), letterOf('b'), letterOf('a')].map(outgoing);
    await output.put(letters, signal);
    const [a, b, again] = stub.messages;
    expect([a!.group, a!.deduplication]).toEqual([b!.group, again!.deduplication]);
    expect(a!.deduplication).not.toBe(b!.deduplication);
  });

  it('have their own outcome: taken, to send again, or never taken', async () => {
    using output = await open();
    stub.refuseMessage = (body) => {
      if (body.includes('"id":"b"')) return { code: 'InternalError', isOurs: false };
      return body.includes('"id":"c"') ? { code: 'InvalidMessageContents', isOurs: true } : undefined;
    };
    const large = letterOf('d', { data: 'x'.repeat(800_000) });
    expect(await output.put([letterOf('a'), letterOf('b'), letterOf('c'), large, letterOf('e')].map(outgoing), signal)).toEqual([
      SENT,
      expect.objectContaining({ code: 'DEAD_LETTER_OUTPUT_FAILED' }),
      expect.objectContaining({ code: 'DEAD_LETTER_REFUSED', disposition: 'reject' }),
      expect.objectContaining({ code: 'DEAD_LETTER_TOO_LARGE', disposition: 'reject' }),
      SENT,
    ]);
  });

  it('fetches credentials anew after they were refused', async () => {
    const settings = await settingsFor(stub.url);
    let refusals = 0;
    const credentials = Object.assign(() => settings.credentials(), settings.credentials, { refused: () => void refusals++ });
    using output = await openSqsOutput(`${stub.url}/1/q`, { ...settings, credentials });
    stub.refuseCall = () => ({ status: 403, code: 'InvalidClientTokenId' });
    await expect(output.put([outgoing(letterOf('a'))], signal)).rejects.toMatchObject({ code: 'DEAD_LETTER_OUTPUT_FAILED' });
    expect(refusals).toBe(1);
  });
});

describe('dead letters in a stream', () => {
  it('are records under the key of theirs, or under their id where no stream takes that key', async () => {
    await using emulator = await startKinesisEmulator({ quotas: false, streams: { dead: 1 } });
    using output = await openStreamOutput('dead', await settingsFor(emulator.endpoint), signal);
    const letters = [letterOf('a'), letterOf('b', { partitionKey: '' }), letterOf('c', { data: 'x'.repeat(800_000) })].map(outgoing);
    expect(await output.put(letters, signal)).toEqual([SENT, SENT, expect.objectContaining({ code: 'DEAD_LETTER_TOO_LARGE' })]);
    expect(await output.put([letters[2]!], signal)).toEqual([expect.objectContaining({ code: 'DEAD_LETTER_TOO_LARGE' })]);
    expect(await readStream(emulator.endpoint)).toEqual([
      ['key of a', letters[0]!.line],
      ['b', letters[1]!.line],
    ]);
  });

  it('say which records are to be sent again', async () => {
    await using emulator = await startKinesisEmulator({ quotas: false, streams: { dead: 1 } });
    using output = await openStreamOutput('dead', await settingsFor(emulator.endpoint), signal);
    emulator.faults.set({ PutRecords: { recordErrorRate: 1 } });
    expect(await output.put([outgoing(letterOf('a'))], signal)).toEqual([expect.objectContaining({ code: 'DEAD_LETTER_OUTPUT_FAILED' })]);
  });

  it('cannot be sent where there is no such stream', async () => {
    await using emulator = await startKinesisEmulator({ quotas: false, streams: { other: 1 } });
    await expect(openStreamOutput('dead', await settingsFor(emulator.endpoint), signal)).rejects.toThrow('dead');
  });
});

const idsOf = (lines: string): string[] =>
  lines
    .trimEnd()
    .split('\n')
    .map((line, index) => parseDeadLetterLine(line, index + 1).id);

async function readStream(endpoint: string): Promise<[string, string][]> {
  using client = createKinesisClient(await settingsFor(endpoint));
  const [shard] = await client.listShards('dead');
  const iterator = await client.getShardIterator({ stream: 'dead', shardId: shard!.shardId, position: { type: 'TRIM_HORIZON' } });
  const page = await client.getRecords({ stream: 'dead', shardId: shard!.shardId, iterator, limit: 100 });
  return [...page.recordsAfter().take()].map(({ partitionKey, data }) => [partitionKey, Buffer.from(data).toString()]);
}
