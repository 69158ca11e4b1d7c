import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { describe, expect, it } from 'vitest';
import type { QueueMessage } from './message.ts';
import { openQueue } from './message-queue.ts';
import { startQueueStub } from './testing/queue-stub.ts';

const { signal } = new AbortController();
const SENT = undefined;

describe('a queue', () => {
  it('has messages with all that belongs to them', async () => {
    await using stub = await startQueueStub();
    using queue = await open(stub.url);
    const whole = { ...messageOf('a'), attributes: { x: '1' }, groupId: 'g', deduplicationId: 'd', delaySeconds: 7 };
    expect(await queue.send([whole, messageOf('b')], signal)).toEqual([SENT, SENT]);
    expect(stub.messages).toEqual([
      { body: 'a', attributes: { x: '1' }, group: 'g', deduplication: 'd', delaySeconds: 7 },
      { body: 'b', attributes: {} },
    ]);
  });

  it('is sent ten messages in a call, and no more bytes than it takes', async () => {
    await using stub = await startQueueStub();
    using queue = await open(stub.url);
    await queue.send(
      Array.from({ length: 12 }, (_, index) => messageOf(String(index))),
      signal,
    );
    const half = 'x'.repeat(512 * 1024);
    expect(
      await queue.send([messageOf(half), messageOf(half), { ...messageOf(half), attributes: { x: '1' } }, messageOf(half)], signal),
    ).toEqual(Array(4).fill(SENT));
    expect(stub.batches).toEqual([10, 2, 2, 1, 1]);
  });

  it('is not sent what SQS never takes; the others arrive', async () => {
    await using stub = await startQueueStub();
    using queue = await open(stub.url);
    const large = { ...messageOf('x'.repeat(1024 * 1024 - 8)), attributes: { ab: 'cd' } };
    expect(await queue.send([messageOf(''), messageOf('a\0'), large, messageOf('a')], signal)).toEqual([
      expect.objectContaining({ code: 'QUEUE_MESSAGE_REFUSED', message: expect.stringContaining('expected a body') }),
      expect.objectContaining({ code: 'QUEUE_MESSAGE_REFUSED', message: expect.stringContaining('got U+0000 at character 2') }),
      expect.objectContaining({ code: 'QUEUE_MESSAGE_TOO_LARGE', disposition: 'reject', message: expect.stringContaining('got 1048578') }),
      SENT,
    ]);
    expect(stub.batches).toEqual([1]);
  });

  it('says what became of each message', async () => {
    await using stub = await startQueueStub();
    using queue = await open(stub.url);
    const refusals = new Map([
      ['b', { code: 'InternalError', isOurs: false }],
      ['c', { code: 'InvalidParameterValue', isOurs: true }],
      ['d', { code: 'RequestThrottled', isOurs: true }],
    ]);
    stub.refuseMessage = (body) => refusals.get(body);
    expect(await queue.send(['a', 'b', 'c', 'd'].map(messageOf), signal)).toEqual([
      SENT,
      expect.objectContaining({ code: 'QUEUE_FAILED', disposition: 'retry' }),
      expect.objectContaining({ code: 'QUEUE_MESSAGE_REFUSED', disposition: 'reject' }),
      expect.objectContaining({ code: 'QUEUE_FAILED', disposition: 'retry' }),
    ]);
  });

  it('is sent messages one by one after a call that fails for one of them', async () => {
    await using stub = await startQueueStub();
    using queue = await open(stub.url);
    stub.refuseCall = (bodies) => (bodies.includes('b') ? { status: 400, code: 'AWS.SimpleQueueService.BatchRequestTooLong' } : undefined);
    expect(await queue.send(['a', 'b', 'c'].map(messageOf), signal)).toEqual([
      SENT,
      expect.objectContaining({ code: 'QUEUE_MESSAGE_REFUSED', details: expect.objectContaining({ code: 'BatchRequestTooLong' }) }),
      SENT,
    ]);
    expect(stub.messages.map(({ body }) => body)).toEqual(['a', 'c']);
  });

  it('that cannot be reached says so of what was not sent', async () => {
    await using stub = await startQueueStub();
    using queue = await open(stub.url);
    stub.refuseCall = (bodies) => (bodies.includes('10') ? { status: 400, code: 'QueueDoesNotExist' } : undefined);
    const messages = Array.from({ length: 21 }, (_, index) => messageOf(String(index)));
    expect((await queue.send(messages, signal)).map((error) => error === SENT)).toEqual(messages.map((_, index) => index < 10));
    await expect(queue.send(messages.slice(10), signal)).rejects.toMatchObject({
      code: 'QUEUE_FAILED',
      message: `a message could not be sent to queue ${queue.url}: QueueDoesNotExist: as asked`,
    });
  });
});

const messageOf = (body: string): QueueMessage => ({ body, attributes: {} });

async function open(endpoint: string) {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  return openQueue(`${endpoint}/1/q`, await createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger }));
}
