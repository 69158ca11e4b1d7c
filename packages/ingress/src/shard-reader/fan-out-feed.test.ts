import { KinesisAccessError, KinesisTimeoutError, KinesisUnavailableError, SubscriptionInUseError } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';
import { describe, expect, it, vi } from 'vitest';
import { fannedOut, SHARD, settled } from '../testing/fan-out-rig.ts';

describe('FanOutFeed', () => {
  it('registers its consumer, subscribes, and hands on what is pushed, at once or together with what comes within moments', async () => {
    const { reader, pages, put, calls, reports } = fannedOut();
    await put(2);
    await reader.pass(0);
    await reader.pass(0);
    expect(reader.numbers).toEqual([0, 1]);
    await put(1);
    await reader.pass(0);
    await put(1);
    await reader.pass(24);
    expect(reader.numbers).toEqual([0, 1]);
    await reader.pass(1);
    expect(reader.numbers).toEqual([0, 1, 2, 3]);
    expect([pages.isPushed, calls('registerConsumer'), calls('getRecords'), reports]).toEqual([true, 1, 0, [{ type: 'shard.subscribed' }]]);
  });

  it('makes larger pages of what comes, the longer the reader takes to pass one on, and smaller ones again', async () => {
    const { pages, put, clock, pagesOf } = fannedOut();
    const { signal } = new AbortController();
    const iterator = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    // A record each 10 ms.
    const steps = async (count: number) => {
      for (let step = 0; step < count; step++) {
        await put(1);
        clock.advance(10);
        await settled(5);
      }
    };
    const { sizes, passesOnIn } = pagesOf(iterator);
    await steps(60);
    expect(sizes.slice(-3)).toEqual([3, 3, 3]);
    passesOnIn(50);
    await steps(200);
    expect(sizes.slice(-3)).toEqual([15, 15, 15]);
    passesOnIn(1_000);
    await steps(500);
    passesOnIn(0);
    await steps(400);
    expect(sizes.slice(-3)).toEqual([3, 3, 3]);
  });

  it('renews a subscription whose time is over after the last record, without polling', async () => {
    const { reader, put, kinesis, clock, calls } = fannedOut();
    await put(2);
    await reader.until(2);
    await reader.pass(0);
    clock.advance(300_000);
    kinesis.push.open[0]!.end();
    const subscribe = vi.spyOn(kinesis, 'subscribeToShard');
    await reader.pass(0);
    await put(1);
    await reader.until(3);

    expect(reader.numbers).toEqual([0, 1, 2]);
    expect(calls('getRecords')).toBe(0);
    expect(subscribe.mock.calls.map(([{ position }]) => position.type)).toEqual(['AFTER_SEQUENCE_NUMBER']);
  });

  it.each([
    ['falls silent', () => new KinesisTimeoutError(30_000, {})],
    ['breaks off', () => new KinesisUnavailableError('reset', {}, undefined)],
  ])('polls once its subscription %s, and returns to fan-out after a pause', async (_, fault) => {
    const { reader, pages, put, kinesis, clock, reports } = fannedOut();
    await put(1);
    await reader.until(1);
    clock.advance(60_000);
    kinesis.push.open[0]!.fail(fault());
    await put(2);
    await reader.pass(0);
    expect([reader.numbers, pages.isPushed]).toEqual([[0, 1, 2], false]);

    for (let second = 0; second < 3; second++) await reader.pass(1_000);
    await put(1);
    await reader.until(4);
    expect([reader.numbers, pages.isPushed]).toEqual([[0, 1, 2, 3], true]);
    expect(reports.map(({ type }) => type)).toEqual(['shard.subscribed', 'shard.unsubscribed', 'shard.subscribed']);
  });

  it('takes a subscription that ends as soon as it has begun for one that was cut off', async () => {
    const { reader, pages, put, kinesis, clock, calls } = fannedOut();
    await reader.pass(0);
    await reader.pass(0);
    clock.advance(2_000);
    kinesis.push.open[0]!.end();
    await put(1);
    await reader.until(1);
    for (let second = 0; second < 2; second++) await reader.pass(1_000);
    expect([calls('subscribeToShard'), pages.isPushed]).toEqual([1, false]);
    for (let second = 0; second < 2; second++) await reader.pass(1_000);
    expect([calls('subscribeToShard'), pages.isPushed]).toEqual([2, true]);
  });

  it('makes way for long once another reader has displaced it', async () => {
    const { reader, pages, put, displace, reports, calls } = fannedOut();
    await reader.pass(0);
    await reader.pass(0);
    await displace();
    await put(1);
    await reader.until(1);
    for (let second = 0; second < 8; second++) await reader.pass(1_000);
    expect([calls('subscribeToShard'), pages.isPushed]).toEqual([2, false]);
    expect(reports.at(-1)).toMatchObject({ type: 'shard.unsubscribed', error: { code: 'SUBSCRIPTION_DISPLACED' } });
    for (let second = 0; second < 30; second++) await reader.pass(1_000);
    expect(pages.isPushed).toBe(true);
  });

  it('polls while the consumer is not active, or may not subscribe yet, and asks again soon', async () => {
    const { reader, pages, put, kinesis, streamArn } = fannedOut();
    kinesis.push.register({ streamArn, name: 'app' }, false);
    await put(1);
    await reader.until(1);
    expect(pages.isPushed).toBe(false);
    kinesis.push.register({ streamArn, name: 'app' });
    kinesis.failNext('subscribeToShard', new SubscriptionInUseError('too soon', { shardId: SHARD }, undefined));
    for (let second = 0; second < 8; second++) await reader.pass(1_000);
    expect(pages.isPushed).toBe(true);
  });

  it('reports a consumer that is not active once that takes longer than configured', async () => {
    const { reader, kinesis, streamArn, reports } = fannedOut();
    kinesis.push.register({ streamArn, name: 'app' }, false);
    for (let second = 0; second < 58; second++) await reader.pass(1_000);
    expect(reports).toEqual([]);
    for (let second = 0; second < 8; second++) await reader.pass(1_000);
    expect(reports[0]).toMatchObject({ type: 'shard.unsubscribed', error: { code: 'CONSUMER_NOT_READY' } });
  });

  it('registers the consumer anew where it was deregistered', async () => {
    const { reader, pages, put, kinesis, calls, streamArn } = fannedOut();
    await reader.pass(0);
    await reader.pass(0);
    kinesis.push.deregister(kinesis.push.find({ streamArn, name: 'app' }).arn);
    await put(1);
    await reader.until(1);
    for (let second = 0; second < 8; second++) await reader.pass(1_000);
    expect([pages.isPushed, calls('registerConsumer'), reader.numbers]).toEqual([true, 2, [0]]);
  });

  it('asks once a minute where it may not subscribe at all, and polls', async () => {
    const { reader, pages, put, kinesis, calls } = fannedOut();
    kinesis.failNext('subscribeToShard', new KinesisAccessError('no', { stream: 's' }, undefined));
    await put(1);
    await reader.until(1);
    for (let second = 0; second < 50; second++) await reader.pass(1_000);
    expect([calls('subscribeToShard'), pages.isPushed]).toEqual([1, false]);
    for (let second = 0; second < 12; second++) await reader.pass(1_000);
    expect([calls('subscribeToShard'), pages.isPushed]).toEqual([2, true]);
  });

  it('begins with the whole record of its checkpoint again, in which it may stand in the middle, as long as nothing came', async () => {
    const { reader, kinesis, clock } = fannedOut();
    const checkpoint: Checkpoint = { kind: 'AFTER', position: { sequenceNumber: '7', subSequenceNumber: 3 } };
    const subscribe = vi.spyOn(kinesis, 'subscribeToShard');
    await reader.restart(checkpoint);
    for (let renewal = 0; renewal < 2; renewal++) {
      await reader.pass(0);
      await reader.pass(0);
      clock.advance(300_000);
      kinesis.push.open[0]!.end();
      await settled();
    }
    const atCheckpoint = { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: '7' };
    expect(subscribe.mock.calls.map(([{ position }]) => position)).toEqual([atCheckpoint, atCheckpoint, atCheckpoint]);
  });

  it('ends a shard with its children', async () => {
    const { reader, put, kinesis } = fannedOut();
    await put(1);
    await reader.until(1);
    kinesis.splitShard('s', SHARD);
    for (let pass = 0; pass < 3; pass++) await reader.pass(25);
    expect([reader.iterator, reader.childShards.map(({ parents }) => parents)]).toEqual([null, [[SHARD], [SHARD]]]);
  });

  it('reads nothing more once the lease has ended', async () => {
    const { reader, pages, put, lease, kinesis } = fannedOut();
    await reader.pass(0);
    await reader.pass(0);
    lease.isHeld = false;
    await put(1);
    await reader.pass(0);
    await expect(reader.pass(0)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect([reader.numbers, kinesis.push.open]).toEqual([[], []]);
    const { signal } = new AbortController();
    await expect(pages.open({ kind: 'TRIM_HORIZON' }, signal)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('knows no iterator but that of the page before', async () => {
    const { pages, put } = fannedOut();
    const { signal } = new AbortController();
    await put(1);
    const iterator = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    await pages.next(iterator, signal);
    await expect(pages.next(iterator, signal)).rejects.toMatchObject({ code: 'ITERATOR_EXPIRED' });
  });

  it('leaves neither a subscription nor memory behind', async () => {
    const { reader, pages, put, kinesis, budget, clock } = fannedOut();
    await put(1);
    await reader.until(1);
    await reader.pass(0);
    pages[Symbol.dispose]();
    await settled();
    expect([kinesis.push.open, budget.used.bytes, clock.pendingTimers]).toEqual([[], 0, 0]);
  });
});
