import { randomUUID } from 'node:crypto';
import { type ErrorReport, type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { encodeInvocation, encodeTypedValue, wrapIngressRecord } from '@sluice/function-protocol';
import { loadMailboxes, mailboxBytes, mailboxOperations } from '@sluice/functions';
import { laneOf, listDeadLetters, openLaneSender } from '@sluice/queue';
import { takeLane } from '@sluice/queue/testing';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

const TYPE = 'com.example/greeter';
const LANES = 2;
const LANE = laneOf('alice', LANES);
const REASON: ErrorReport = {
  ...{ code: 'FUNCTION_CALL_FAILED', disposition: 'retry', message: 'expected status 200, got 500' },
  details: { status: 500 },
};

let redis: Awaited<ReturnType<typeof startRedisServer>>;
let session: RedisSession;
let keyPrefix: string;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => {
  keyPrefix = `test-${randomUUID()}`;
});

describe('sluice functions', () => {
  it('lists who is parked, and shows one with its reason and its messages', async () => {
    await park('alice', [message('hello'), message('secret', 'bob')]);

    expect((await sluice('functions', 'list')).stdout.split('\n')).toEqual([
      '1 address parked, 2 messages waiting for them',
      'function             id     messages  parked for  failed  next try   reason',
      expect.stringMatching(/^com\.example\/greeter {2}alice {9}2 +\S+ \S+ +3 × {2}in 10 min {2}FUNCTION_CALL_FAILED$/),
      '',
    ]);
    const { stdout } = await sluice('functions', 'show', TYPE, 'alice');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ['function', TYPE],
        ['id', 'alice'],
        ['failed', '3 ×'],
        ['reason', 'expected status 200, got 500 (FUNCTION_CALL_FAILED)'],
        ['', 'status', '500'],
        ['message 1', 'com.example/Text, 5 B, from outside'],
        ['message 2', 'com.example/Text, 6 B, from com.example/other/bob'],
      ]),
    );
    expect(stdout).not.toContain('secret');
    expect((await sluice('functions', 'show', TYPE, 'alice', '--payload')).stdout).toContain('\n2: secret\n');
    const json = JSON.parse((await sluice('functions', 'list', '--format', 'json')).stdout);
    expect(json).toMatchObject({ count: 1, addresses: [{ type: TYPE, id: 'alice', lane: LANE, records: 2, parking: { reason: REASON } }] });
  });

  it('tries one again, or all of a type', async () => {
    await park('alice', [message('hello')]);
    const before = await load();
    await expect(sluice('functions', 'retry', TYPE, 'alice')).resolves.toMatchObject({ stdout: '1 address tried again now\n' });
    await expect(sluice('functions', 'retry', TYPE, '--all')).resolves.toMatchObject({ stdout: '1 address tried again now\n' });
    const after = await load();
    expect(after.rows.get('alice')!.parking!.retryAt).toBe(0);
    // The worker that owns the lane notices.
    expect(after.edits).not.toBe(before.edits);
  });

  it('makes the first message a dead letter', async () => {
    await park('alice', [message('bad'), message('good')]);
    const { stdout } = await sluice('functions', 'skip', TYPE, 'alice');
    const letters = await listDeadLetters(session, { keyPrefix, target: TYPE });
    expect(letters).toMatchObject([{ partitionKey: 'alice', reason: { code: 'FUNCTION_CALL_FAILED' } }]);
    expect(stdout).toBe(`dead letter ${letters[0]!.id}\n`);
    expect((await load()).rows.get('alice')!.records).toBe(1);
  });

  it('says what it does not know', async () => {
    expect((await sluice('functions', 'list')).stdout).toBe('no address is parked\n');
    await openSender();
    const answers = await Promise.all([
      sluice('functions', 'show', TYPE, 'alice'),
      sluice('functions', 'skip', TYPE, 'alice'),
      sluice('functions', 'retry', TYPE),
      sluice('functions', 'list', '--type', 'com.example/x'),
    ]);
    expect(answers.map(({ code, stderr }) => [code, stderr])).toEqual([
      [2, `sluice: expected an address that is parked, found ${TYPE} alice, which is not (OPERATOR_INPUT_INVALID)\n`],
      [2, `sluice: expected an address that is parked, found ${TYPE} alice, which is not (OPERATOR_INPUT_INVALID)\n`],
      [2, 'sluice: expected the id of an address, or --all (OPERATOR_INPUT_INVALID)\n'],
      [2, expect.stringContaining('found com.example/x; its targets are com.example/greeter')],
    ]);
  });
});

const sluice = (...args: string[]) => runSluice(args, { env: { SLUICE_REDIS_URL: redis.url, SLUICE_REDIS_PREFIX: keyPrefix } });

const openSender = () => openLaneSender({ session, keyPrefix, target: TYPE, lanes: LANES, clock: systemClock });

const load = () => loadMailboxes(session, session.epoch, { keyPrefix, target: TYPE, lane: LANE });

function message(text: string, caller?: string): SluiceRecord {
  const value = Buffer.from(text);
  const data =
    caller === undefined
      ? wrapIngressRecord('com.example/Text', value)
      : encodeInvocation(
          { namespace: 'com.example', type: 'other', id: caller },
          encodeTypedValue({ typename: 'com.example/Text', value }),
        );
  return { partitionKey: 'alice', data, metadata: {} };
}

/** Puts messages into the mailbox of an address that has failed three times. */
async function park(id: string, messages: readonly SluiceRecord[]): Promise<void> {
  await openSender();
  const address = { keyPrefix, target: TYPE, lane: LANE };
  const receiver = await takeLane(session, address);
  const now = Date.now();
  const row = {
    records: messages.length,
    bytes: messages.reduce((sum, record) => sum + mailboxBytes(record), 0),
    parking: { reason: REASON, since: now - 60_000, attempts: 3, retryAt: now + 600_000 },
  };
  const operations = mailboxOperations(address, { id, append: messages, pop: { records: 0, bytes: 0 }, row });
  await receiver.settle([], { guards: [], operations });
}
