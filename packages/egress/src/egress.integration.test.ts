import { getDeadLetter, laneQueue, listDeadLetters, readLaneCounts } from '@sluice/queue';
import { Stopwatch } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { TARGET } from './testing/egress.ts';
import { ambiguousOf, audit, feed, type Rig, startRig, until } from './testing/egress-rig.ts';
import { recordOf } from './testing/fake-lane.ts';

const fed = { keys: 20, perKey: 200 };

describe('the egress-worker', () => {
  it('writes every record of its lanes, in order, and empties them', async () => {
    await using rig = await startRig();
    await feed(rig.sender, fed);
    await rig.startWorker();

    await untilEmpty(rig);
    expect(audit(await rig.readAll(), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
  });

  it.each(['key', 'strict', 'none'] as const)('loses and repeats nothing when requests fail and fail in part: %s', async (ordering) => {
    await using rig = await startRig({
      faults: {
        PutRecords: { recordErrorRate: 0.1, errorRate: 0.1, errors: ['ProvisionedThroughputExceededException', 'LimitExceededException'] },
      },
    });
    // Few records: shards that throttle at random, however little they are sent, are sent less and less.
    const few = { keys: 20, perKey: 40 };
    await feed(rig.sender, few);
    await rig.startWorker({ ordering });

    await untilEmpty(rig);
    const { missing, repeated, outOfOrder } = audit(await rig.readAll(), few);
    expect({ seed: rig.emulator.faults.seed, missing, repeated }).toEqual({ seed: rig.emulator.faults.seed, missing: 0, repeated: 0 });
    if (ordering === 'strict') expect(outOfOrder).toBe(0);
  });

  it('sends a shard no less because Kinesis fails for single records by itself', async () => {
    await using rig = await startRig({ faults: { PutRecords: { recordErrorRate: 0.1, recordErrors: ['InternalFailure'] } } });
    await feed(rig.sender, fed);
    const worker = await rig.startWorker({ ordering: 'key' });

    await untilEmpty(rig);
    const { missing, repeated } = audit(await rig.readAll(), fed);
    const failed = worker.events.reduce((sum, event) => sum + (event.type === 'request.answered' ? event.failed : 0), 0);
    expect({ missing, repeated, failed: failed > 0 }).toEqual({ missing: 0, repeated: 0, failed: true });
    const { client } = rig.session;
    const budgets = await Promise.all((await client.keys('sluice:budgets:*')).map((key) => client.hgetall(key)));
    expect(budgets).toEqual([{ '': '0' }]);
  });

  it('keeps the order of each key through failures of whole requests', async () => {
    await using rig = await startRig({ faults: { PutRecords: { errorRate: 0.3 } } });
    await feed(rig.sender, fed);
    await rig.startWorker({ ordering: 'key' });

    await untilEmpty(rig);
    const { missing, outOfOrder } = audit(await rig.readAll(), fed);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
  });

  it('repeats no more records than those whose answer was lost, and counts them', async () => {
    await using rig = await startRig({ faults: { PutRecords: { lostReplyRate: 0.2, recordErrorRate: 0.05 } } });
    await feed(rig.sender, fed);
    const worker = await rig.startWorker({ ordering: 'strict' });

    await untilEmpty(rig);
    const { missing, repeated, outOfOrder } = audit(await rig.readAll(), fed);
    const ambiguous = worker.events.reduce((sum, event) => sum + (event.type === 'request.ambiguous' ? event.records : 0), 0);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
    expect(repeated).toBeGreaterThan(0);
    expect(repeated).toBeLessThanOrEqual(ambiguous);
  });

  it('stores what can never succeed as dead letters with their reasons, and delivers the neighbours', async () => {
    await using rig = await startRig();
    const large = { partitionKey: 'large', data: Buffer.alloc(1024 * 1024), metadata: {} };
    const keyless = { partitionKey: '', data: Buffer.from('keyless'), metadata: {} };
    const hashed = { partitionKey: 'h', explicitHashKey: 'far', data: Buffer.from('hashed'), metadata: {} };
    await rig.sender.enqueue(
      [{ lane: 1, records: [recordOf('a-1'), large, recordOf('a-2'), keyless, hashed, recordOf('a-3')] }],
      rig.session.epoch,
    );
    await rig.startWorker();

    await untilEmpty(rig);
    expect((await rig.readAll()).toSorted()).toEqual(['a-1', 'a-2', 'a-3']);
    await until(async () => (await listDeadLetters(rig.session, { target: TARGET })).length === 3);
    const letters = await listDeadLetters(rig.session, { target: TARGET });
    expect(letters.map(({ reason }) => reason.code).toSorted()).toEqual(['INVALID_HASH_KEY', 'INVALID_PARTITION_KEY', 'RECORD_TOO_LARGE']);
    const { id } = letters.find(({ reason }) => reason.code === 'INVALID_PARTITION_KEY')!;
    expect((await getDeadLetter(rig.session, { target: TARGET, id }))?.record).toMatchObject({
      partitionKey: '',
      data: Buffer.from('keyless'),
    });
  });

  it('hands a lane back, blocked and with its reason, when retries are spent; then delivers all of it', async () => {
    await using rig = await startRig({
      faults: { PutRecords: { recordErrorRate: 1, recordErrors: ['ProvisionedThroughputExceededException'] } },
    });
    await feed(rig.sender, { keys: 3, perKey: 10 });
    const backoff = { initialIntervalMs: 20, maxIntervalMs: 50, maxElapsedMs: 0, maxRetries: 2 };
    const worker = await rig.startWorker({ retry: { backoff, recordTtlMs: undefined, failIfThrottled: false } });

    await until(async () => (await readLaneCounts(rig.session, { target: TARGET })).some(({ blockedForMs }) => blockedForMs > 0));
    rig.emulator.faults.clear();
    await untilEmpty(rig);

    expect(audit(await rig.readAll(), { keys: 3, perKey: 10 })).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
    expect(worker.events.find(({ type }) => type === 'lane.blocked')).toMatchObject({ code: 'RECORD_FAILED', attempts: 3 });
  });

  it('raises an alarm over a job that has lost its payload, keeps it, and goes on once that is mended', async () => {
    await using rig = await startRig();
    const lane = rig.sender.laneOf('k1-');
    await rig.sender.enqueue([{ lane, records: ['k1-0', 'k1-1'].map(recordOf) }], rig.session.epoch);
    const payloads = `${laneQueue({ target: TARGET, lane }).bullPrefix}:payloads`;
    const [[id, payload]] = Object.entries(await rig.session.client.hgetallBuffer(payloads)) as [[string, Buffer]];
    await rig.session.client.hdel(payloads, id);
    const worker = await rig.startWorker();

    await until(() => worker.events.some(({ type }) => type === 'payload.missing'));
    await until(async () => (await readLaneCounts(rig.session, { target: TARGET }))[lane]!.blockedForMs > 0);
    expect(worker.events).toContainEqual(expect.objectContaining({ type: 'lane.blocked', lane, code: 'PAYLOAD_MISSING' }));
    await until(() => worker.events.some((event) => event.type === 'lane.measured' && event.egress === TARGET && event.records === 2));
    await rig.session.client.hset(payloads, id, payload);
    await untilEmpty(rig);
    expect(await rig.readAll()).toEqual(['k1-0', 'k1-1']);
  });

  it('goes on without a job that cannot be read once an operator has removed it as docs/operations.md says', async () => {
    await using rig = await startRig();
    const lane = rig.sender.laneOf('k1-');
    for (const text of ['k1-0', 'k1-1']) await rig.sender.enqueue([{ lane, records: [recordOf(text)] }], rig.session.epoch);
    const { queueName, bullPrefix } = laneQueue({ target: TARGET, lane });
    const { client } = rig.session;
    const { payload } = JSON.parse((await client.hget(`${bullPrefix}:${queueName}:1`, 'data'))!) as { payload: string };
    await client.hdel(`${bullPrefix}:payloads`, payload);
    await rig.startWorker();
    const counts = async () => (await readLaneCounts(rig.session, { target: TARGET }))[lane]!;
    await until(async () => (await counts()).blockedForMs > 0);

    // Between two blocks the job is in hand for a moment.
    await until(async () => (await client.lrem(`${bullPrefix}:${queueName}:wait`, 1, '1')) === 1);
    await client.del(`${bullPrefix}:${queueName}:1`);
    await until(async () => (await counts()).waiting + (await counts()).active === 0);
    expect(await rig.readAll()).toEqual(['k1-1']);
  });

  it('stops within two seconds in mid-stream, nothing lost or repeated, and another worker goes on', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [300, 900] } } });
    await feed(rig.sender, { ...fed, perJob: 50 });
    const first = await rig.startWorker({
      limits: { maxRecords: 100, maxBytes: 1e6 },
      maxInFlight: 4,
      batching: { count: 70, byteSize: 0, periodMs: 0 },
    });
    await until(() => first.events.some(({ type }) => type === 'request.answered'));
    // So long an answer takes at most.
    using stopwatch = new Stopwatch({ fixedMs: 900 });
    first.stop();
    await first.ended;
    expect(stopwatch.stop()).toBeLessThan(2_000);

    rig.emulator.faults.clear();
    await rig.startWorker();
    await untilEmpty(rig);
    const { missing, repeated, outOfOrder } = audit(await rig.readAll(), fed);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
    // On a busy machine an answer may take longer than the 1.5 s that a worker waits for it. It then says how many records may repeat.
    expect(repeated).toBeLessThanOrEqual(ambiguousOf(first));
  });

  it('shares the lanes out among workers, in mid-stream, without loss or repetition', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [50, 100] } } });
    await feed(rig.sender, { ...fed, perJob: 20 });
    const small = { limits: { maxRecords: 20, maxBytes: 1e6 }, maxInFlight: 2 };
    const [first, second] = [await rig.startWorker(small), await rig.startWorker(small)];

    await untilEmpty(rig);
    expect(audit(await rig.readAll(), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
    for (const { events } of [first, second]) expect(events.some(({ type }) => type === 'request.answered')).toBe(true);
  });

  it('repeats nothing where the endpoint answers after longer than a lease lasts', async () => {
    await using rig = await startRig({ faults: { PutRecords: { replyDelayMs: [6_000, 6_000] } } });
    await feed(rig.sender, { keys: 3, perKey: 10 });
    const worker = await rig.startWorker({ requestTimeoutMs: 60_000 });

    await untilEmpty(rig);
    expect(audit(await rig.readAll(), { keys: 3, perKey: 10 })).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
    expect(worker.events.filter(({ type }) => type === 'request.failed' || type === 'lease.lost')).toEqual([]);
  });

  it('makes its requests more patient and smaller until an endpoint answers that is slower than they were', async () => {
    await using rig = await startRig({ faults: { PutRecords: { replyDelayMs: [700, 700] } } });
    await feed(rig.sender, { keys: 3, perKey: 10 });
    const worker = await rig.startWorker({ requestTimeoutMs: 200, maxRequestTimeoutMs: 60_000 });

    await untilEmpty(rig);
    const { missing, repeated, outOfOrder } = audit(await rig.readAll(), { keys: 3, perKey: 10 });
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
    const ambiguous = worker.events.reduce((sum, event) => sum + (event.type === 'request.ambiguous' ? event.records : 0), 0);
    expect(repeated).toBeGreaterThan(0);
    expect(repeated).toBeLessThanOrEqual(ambiguous);
    expect(worker.events).toContainEqual(expect.objectContaining({ type: 'request.adapted' }));
  });

  it('waits for an endpoint that went away, and writes what waited when it is back', async () => {
    await using rig = await startRig();
    const worker = await rig.startWorker();
    await until(() => worker.isReady());
    await rig.emulator.pause();
    await feed(rig.sender, fed);
    await until(() => worker.events.some(({ type }) => type === 'request.failed'));
    await rig.emulator.resume();

    await untilEmpty(rig);
    expect(audit(await rig.readAll(), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
  });

  it('claims its lanes anew after each loss of its connection to Redis, and goes on in order', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [5, 20], recordErrorRate: 0.05 } } });
    await feed(rig.sender, { ...fed, perJob: 50 });
    const worker = await rig.startWorker({ ordering: 'strict' });
    for (let loss = 0; loss < 4; loss++) {
      const before = worker.events.length;
      await until(() => worker.events.slice(before).filter(({ type }) => type === 'request.answered').length > 30);
      rig.proxy.cut();
    }

    await untilEmpty(rig);
    const { missing, outOfOrder } = audit(await rig.readAll(), fed);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
    expect(worker.events.filter((event) => event.type === 'lease.lost' && event.reason === 'connection').length).toBeGreaterThanOrEqual(4);
  });

  it('goes on when answers of Redis are lost, whatever was asked', async () => {
    await using rig = await startRig();
    await rig.startWorker({ ordering: 'strict' });
    const fedEach = { keys: 5, perKey: 20 };
    for (let round = 0; round < 3; round++) {
      const lost = rig.proxy.dropNextReply();
      await feed(rig.sender, fedEach);
      await lost;
      await untilEmpty(rig);
    }

    const { missing, outOfOrder } = audit(await rig.readAll(), fedEach);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
  });

  it('fails at once when its stream does not exist', async () => {
    await using rig = await startRig();
    const worker = await rig.startWorker({ stream: { type: 'fixed', stream: 'nowhere' } });

    await expect(worker.ended).rejects.toThrow(/stream nowhere was not found/);
  });

  it('fails when the lanes were first used with another number', async () => {
    await using rig = await startRig();
    const worker = await rig.startWorker({ lanes: 7 });

    await expect(worker.ended).rejects.toMatchObject({ code: 'LANE_COUNT_MISMATCH' });
  });
});

const untilEmpty = ({ session }: Rig): Promise<void> =>
  until(async () => (await readLaneCounts(session, { target: TARGET })).every(({ records }) => records === 0));
