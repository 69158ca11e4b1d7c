import { type Logger, silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { MIB } from '../limits.ts';
import { Account, type AccountOptions } from './account.ts';
import { merge, scaleTo, split } from './resharding.ts';
import type { Stream } from './stream.ts';

const HOUR_MS = 3_600_000;

describe('Account', () => {
  it('shows a stream as CREATING, UPDATING and DELETING for the configured time', () => {
    const { account, clock, stream } = accountOf({ stateDelayMs: 500 });
    expect(stream.status).toBe('CREATING');
    clock.advance(500);
    expect(account.stream('s').status).toBe('ACTIVE');

    stream.change('UPDATING', () => split(stream, stream.shards[0]!, '8'.padEnd(32, '0')));
    expect([account.stream('s').status, stream.openShards.length]).toEqual(['UPDATING', 1]);
    clock.advance(500);
    expect([account.stream('s').status, stream.openShards.length]).toEqual(['ACTIVE', 2]);

    account.deleteStream(stream);
    expect(account.stream('s').status).toBe('DELETING');
    clock.advance(500);
    expect(() => account.stream('s')).toThrow('Stream s under account 000000000000 not found.');
    expect(account.heldBytes).toBe(0);
  });

  it('forgets records that left the retention period, and closed shards with them', () => {
    const { account, clock, stream } = accountOf();
    put(stream, clock, 'old');
    clock.advance(HOUR_MS);
    split(stream, stream.shards[0]!, '8'.padEnd(32, '0'));
    clock.advance(23 * HOUR_MS);
    expect(account.stream('s').shards.map((shard) => shard.log.isEmpty)).toEqual([false, true, true]);

    clock.advance(1);
    expect(account.stream('s').shards.map((shard) => shard.log.isEmpty)).toEqual([true, true, true]);
    clock.advance(HOUR_MS);
    expect(account.stream('s').shards.map(({ id }) => id)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  });

  it('trims the oldest records at the memory cap, and says so', () => {
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (message, facts) => lines.push({ message, ...facts }) };
    const { account, clock, stream } = accountOf({ memoryCapBytes: 4 * MIB, logger });
    for (let index = 0; index < 6; index++) {
      put(stream, clock, String(index).padEnd(MIB, '.'));
      clock.advance(1);
      account.enforceMemoryCap();
    }

    const { runs } = stream.shards[0]!.log.page(0, 100, 100 * MIB);

    expect(runs.map(({ segment, from }) => segment.dataOf(from).toString('latin1', 0, 1))).toEqual(['3', '4', '5']);
    expect(account.heldBytes).toBeLessThanOrEqual(4 * MIB);
    const line = {
      message: 'memory cap reached, oldest records trimmed',
      stream: 's',
      shard: 'shardId-000000000000',
      records: 1,
      memoryCapBytes: 4 * MIB,
    };
    expect(lines).toMatchObject([line, line, line]);
    const { id, numbers, trimmed } = stream.shards[0]!;
    expect({ id, ...trimmed }).toEqual({ id: line.shard, count: 3, through: expect.any(Number) });
    expect(lines[2]).toHaveProperty('throughSequenceNumber', numbers.format(trimmed!.through));
  });

  it('keeps what a shard is being filled with, even above the cap', () => {
    const { account, clock, stream } = accountOf({ memoryCapBytes: 1 });
    put(stream, clock, 'kept');

    account.enforceMemoryCap();

    expect(stream.shards[0]!.log.isEmpty).toBe(false);
  });

  it('gives children of children of one second ever higher sequence numbers', () => {
    const { stream } = accountOf();
    for (let generation = 0; generation < 3; generation++) {
      split(stream, stream.openShards[0]!, '8'.padEnd(32, '0'));
      merge(stream, stream.openShards[0]!, stream.openShards[1]!);
    }

    for (const child of stream.shards) {
      for (const parent of stream.shards.filter(({ id }) => id === child.facts.parentId || id === child.facts.adjacentParentId)) {
        expect(child.startingSequenceNumber > parent.endingSequenceNumber!).toBe(true);
      }
    }
  });

  it.each([1, 2, 3, 4, 5, 7, 8, 16, 11])('scales from 6 to %i shards that cover the hash space', (count) => {
    const { stream } = accountOf({}, 6);

    scaleTo(stream, count);

    expect(stream.openShards).toHaveLength(count);
    const ranges = stream.openShards.map(({ facts }) => facts.range);
    expect(ranges[0]!.start).toBe('0'.repeat(32));
    expect(ranges.at(-1)!.end).toBe('f'.repeat(32));
    expect(ranges.slice(1).map(({ start }) => BigInt(`0x${start}`))).toEqual(ranges.slice(0, -1).map(({ end }) => BigInt(`0x${end}`) + 1n));
  });

  it('routes every hash key to the open shard whose range holds it', () => {
    const { stream } = accountOf({}, 7);
    for (const { facts } of stream.openShards) {
      expect(stream.route(facts.range.start).facts.range).toEqual(facts.range);
      expect(stream.route(facts.range.end).facts.range).toEqual(facts.range);
    }
  });
});

/** An account on a manual clock with one stream `s`, without quotas. */
function accountOf(options: AccountOptions = {}, shardCount = 1): { account: Account; clock: ManualClock; stream: Stream } {
  const clock = new ManualClock();
  const account = new Account({ quotas: false, clock, ...options });
  return { account, clock, stream: account.createStream({ name: 's', shardCount }) };
}

function put(stream: Stream, clock: ManualClock, text: string): void {
  const payload = Buffer.from(text);
  stream.openShards[0]!.append('key', payload, 0, payload.length, clock.now());
}
