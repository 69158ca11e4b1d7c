// Long: stories of one keeper, which all need the group of workers at its end.
import { setImmediate } from 'node:timers/promises';
import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import type { Lease } from '../lease.ts';
import { freeResource, type LeaseResource } from '../plan/lease-resource.ts';
import type { ShardTable } from '../shards/shard-table.ts';
import { createMemoryLeases, type MemoryLeases } from '../testing/memory-leases.ts';
import type { LeaseEvent } from './lease-event.ts';
import { createLeaseKeeper, type LeaseKeeper } from './lease-keeper.ts';

describe('LeaseKeeper', () => {
  it('claims everything at once for a worker that is alone, and keeps it', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c']);
    const ada = worker('ada');
    await pass(0);
    expect(ada.held()).toEqual(['a', 'b', 'c']);
    await pass(30_000);
    expect(ada.held()).toEqual(['a', 'b', 'c']);
    expect(ada.log).toEqual(['members ada', 'claimed a', 'claimed b', 'claimed c']);
  });

  it('shares out with a worker that comes, one lease after another, and within a few seconds', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd', 'e', 'f']);
    const ada = worker('ada');
    await pass(5_000);
    const bob = worker('bob');
    await pass(1_500);
    expect(ada.held()).toHaveLength(6);
    await pass(4_500);
    expect([ada.held().length, bob.held().length]).toEqual([3, 3]);
    expect([...ada.held(), ...bob.held()].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    const log = [...ada.log, ...bob.log];
    await pass(20_000);
    expect([...ada.log, ...bob.log]).toEqual(log);
  });

  it('gives all leases back while its group is paused, claims none, and goes on once it is resumed', async () => {
    const {
      worker,
      pass,
      leases: { paused },
    } = groupOf(['a', 'b']);
    const ada = worker('ada');
    await pass(1_000);
    paused.add('group');
    await pass(1_100);
    expect(ada.held()).toEqual([]);
    const bob = worker('bob');
    await pass(10_000);
    expect([ada.held(), bob.held()]).toEqual([[], []]);
    paused.clear();
    await pass(5_000);
    expect([...ada.held(), ...bob.held()].sort()).toEqual(['a', 'b']);
  });

  it('claims a released lease at once, on notice', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const ada = worker('ada');
    await pass(0);
    const bob = worker('bob', { obeysRecalls: false });
    await pass(1_500);
    await ada.keeper.release(ada.keeper.leases[0]!, { successor: 'bob' });
    await pass(100);
    expect(bob.held()).toHaveLength(1);
  });

  it('takes over from a crashed worker within six seconds', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const [ada, bob] = [worker('ada'), worker('bob')];
    await pass(10_000);
    expect(ada.held()).toHaveLength(2);
    ada.connection.disconnect();
    await pass(3_900);
    expect(bob.held()).toHaveLength(2);
    await pass(2_100);
    expect(bob.held()).toHaveLength(4);
  });

  it('loses everything with the connection, at once, and claims it anew under higher tokens', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const ada = worker('ada');
    await pass(1_000);
    const [before] = ada.keeper.leases as [Lease];
    ada.connection.disconnect();
    expect(ada.log.slice(-2)).toEqual(['lost a connection', 'lost b connection']);
    expect([before.isHeld(), ada.held()]).toEqual([false, []]);
    ada.connection.reconnect();
    await pass(100);
    expect(ada.held()).toEqual(['a', 'b']);
    expect(ada.keeper.leases[0]!.token.number).toBe(before.token.number + 1);
    expect(before.isHeld()).toBe(false);
  });

  it('sees its leases as lost, before anything else, after it was stopped for longer than they last', async () => {
    const { worker, pass, clock } = groupOf(['a']);
    const ada = worker('ada');
    await pass(1_000);
    const [lease] = ada.keeper.leases as [Lease];
    clock.advance(5_001);
    expect(lease.isHeld()).toBe(false);
    await pass(0);
    expect(ada.log.slice(-2)).toEqual(['lost a expired', 'claimed a']);
    expect(lease.isHeld()).toBe(false);
  });

  it('notices that a lease was taken from it', async () => {
    const { worker, pass, leases } = groupOf(['a']);
    const ada = worker('ada', { isClaiming: (key) => key !== 'a' || ada.log.length < 2 });
    await pass(1_000);
    leases.rows.get('a')!.set('token', '9').set('owner', 'bob#x.1').set('worker', 'bob');
    await pass(1_000);
    expect(ada.log.slice(-1)).toEqual(['lost a stolen']);
  });

  it('claims again what a Redis that came back older no longer knows', async () => {
    const { worker, pass, leases } = groupOf(['a']);
    const ada = worker('ada');
    await pass(1_000);
    leases.rows.clear();
    await pass(1_100);
    expect(ada.log).toEqual(['members ada', 'claimed a', 'lost a stolen', 'claimed a']);
  });

  it('leaves a lease alone for as long as its worker asked when it gave it back', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const ada = worker('ada');
    await pass(1_000);
    await ada.keeper.release(ada.keeper.leases[0]!, { cooldownMs: 5_000 });
    await pass(4_500);
    expect(ada.held()).toEqual(['b']);
    await pass(1_500);
    expect(ada.held()).toEqual(['a', 'b']);
  });

  it('lets another take what its worker gave back and does not want for now', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const [ada, bob] = [worker('ada'), worker('bob', { obeysRecalls: false })];
    await pass(5_000);
    const [given] = ada.held();
    await ada.keeper.release(ada.keeper.leases[0]!, { cooldownMs: 60_000 });
    await pass(5_000);
    expect(bob.held()).toContain(given);
  });

  it('retires: claims nothing more, leaves the group, and keeps what it holds until it is released', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const [ada, bob] = [worker('ada'), worker('bob')];
    await pass(5_000);
    await ada.keeper.retire();
    await pass(10_000);
    expect(ada.held()).toHaveLength(2);
    expect(bob.log.filter((line) => line.startsWith('members')).at(-1)).toBe('members bob');
    await Promise.all(ada.keeper.leases.map((lease) => ada.keeper.release(lease)));
    await pass(100);
    expect(bob.held()).toEqual(['a', 'b', 'c', 'd']);
    expect(ada.held()).toEqual([]);
  });

  it('stands aside: its leases go to the others, and it takes none back until its time is over', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const [ada, bob] = [worker('ada'), worker('bob')];
    await pass(5_000);
    expect(ada.keeper.standAside(60_000)).toBe(true);
    await pass(1_000);
    expect([ada.held(), bob.held()]).toEqual([[], ['a', 'b', 'c', 'd']]);
    const log = [...ada.log, ...bob.log];
    await pass(55_000);
    expect([...ada.log, ...bob.log]).toEqual(log);
    await pass(15_000);
    expect([ada.held().length, bob.held().length]).toEqual([2, 2]);
  });

  it('does not stand aside where there is no other, and comes back when the others are gone', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const ada = worker('ada');
    await pass(5_000);
    expect(ada.keeper.standAside(60_000)).toBe(false);
    await pass(5_000);
    expect(ada.held()).toHaveLength(4);

    const bob = worker('bob');
    await pass(10_000);
    expect(ada.keeper.standAside(60_000)).toBe(true);
    await pass(1_000);
    expect(bob.held()).toHaveLength(4);
    bob.connection.disconnect();
    await pass(7_000);
    expect(ada.held()).toHaveLength(4);
  });

  it('keeps what it does not release while it stands aside', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const [ada] = [worker('ada', { obeysRecalls: false }), worker('bob')];
    await pass(5_000);
    const held = ada.held();
    ada.keeper.standAside(60_000);
    await pass(20_000);
    expect(ada.held()).toEqual(held);
  });

  it('claims many leases in slices and renews in between, so that a slow machine loses none', async () => {
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
    const { worker, pass } = groupOf(keys);
    const ada = worker('ada', { claimCostMs: 40 });
    await pass(40_000);
    expect(ada.held()).toHaveLength(200);
    expect(ada.log.filter((line) => line.startsWith('claimed'))).toHaveLength(200);
    expect(ada.log.filter((line) => line.startsWith('lost'))).toEqual([]);
  });

  it('claims no more than its worker has room for; others take the rest', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const ada = worker('ada', { room: (held) => 1 - held });
    await pass(5_000);
    expect(ada.held()).toHaveLength(1);
    const bob = worker('bob');
    await pass(9_500);
    expect([ada.held().length, bob.held().length]).toEqual([1, 3]);
  });

  it('gives everything back when it stops', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const [ada, bob] = [worker('ada'), worker('bob')];
    await pass(5_000);
    await ada.keeper.stop();
    await pass(100);
    expect(bob.held()).toEqual(['a', 'b', 'c', 'd']);
    const log = [...ada.log];
    await pass(20_000);
    expect(ada.log).toEqual(log);
    expect(ada.log.slice(-2).every((line) => line.endsWith('released'))).toBe(true);
  });

  it('keeps nothing for a successor that has left', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const ada = worker('ada', { obeysRecalls: false });
    await pass(5_000);
    const bob = worker('bob');
    await pass(5_000);
    const [key] = /(?<=recalled )./.exec(ada.log.join())!;
    await bob.keeper.stop();
    await pass(20);

    await ada.keeper.release(ada.keeper.leases.find((lease) => lease.key === key)!, { successor: 'bob' });
    await pass(20);
    expect(ada.held()).toEqual(['a', 'b']);
  });

  it('goes on renewing while nobody answers what there is to lease', async () => {
    const { worker, pass } = groupOf(['a']);
    let isStuck = false;
    const ada = worker('ada', { resources: () => (isStuck ? new Promise(() => undefined) : Promise.resolve([freeResource('a')])) });
    await pass(1_000);
    isStuck = true;
    await pass(20_000);
    expect(ada.keeper.leases[0]!.remainingMs()).toBeGreaterThan(3_900);
  });

  it('reports what waiting does not cure', async () => {
    const { worker, pass } = groupOf(['a']);
    const ada = worker('ada', { resources: () => Promise.reject(new TypeError('no such table')) });
    await pass(0);
    expect(ada.log).toEqual(['members ada', 'failed no such table']);
  });

  it('waits with a child until its parent has ended', async () => {
    const { worker, pass } = groupOf([]);
    let table: ShardTable | undefined;
    const ada = worker('ada', { resources: async () => table?.resources() ?? [] });
    table = ada.connection.table({ key: 'table', group: 'group', start: { kind: 'TRIM_HORIZON' } });
    await table.create({ streamArn: 'arn', streamCreatedAtMs: 1 }, [
      { shardId: 'parent', parents: [] },
      { shardId: 'child', parents: ['parent'] },
    ]);
    await pass(2_000);
    expect(ada.held()).toEqual(['table:parent']);
    await table.end(ada.keeper.leases[0]!, { kind: 'TRIM_HORIZON' }, []);
    await pass(1_100);
    expect(ada.held()).toEqual(['table:child']);
    expect(ada.log).toEqual(['members ada', 'claimed table:parent', 'lost table:parent released', 'claimed table:child']);
  });

  it('keeps each lease in one hand at a time while workers come, go, crash and lose connections', async () => {
    const random = randomFor('lease keepers');
    const { worker, pass } = groupOf(Array.from({ length: 17 }, (_, index) => `k${index}`));
    const workers = [worker('w0')];
    const holders = () => workers.flatMap(({ held }) => held());
    for (let step = 0; step < 120; step++) {
      const one = random.pick(workers);
      const dice = random.next();
      if (dice < 0.08) workers.push(worker(`w${workers.length}`));
      else if (dice < 0.12 && workers.length > 2) await one.keeper.stop();
      else if (dice < 0.2) one.connection.disconnect();
      else if (dice < 0.5) for (const { connection } of workers) if (!connection.store.isReady) connection.reconnect();
      await pass(random.below(1_500));
      expect(holders().length, `in two hands with seed ${random.seed}, step ${step}`).toBe(new Set(holders()).size);
    }
    workers.push(worker('last'));
    for (const { connection } of workers) if (!connection.store.isReady) connection.reconnect();
    await pass(30_000);
    const counts = workers.filter(({ isStopped }) => !isStopped()).map(({ held }) => held().length);
    expect(holders().length, `held with seed ${random.seed}`).toBe(17);
    expect(Math.max(...counts) - Math.min(...counts), `spread with seed ${random.seed}`).toBeLessThanOrEqual(1);
  });
});

interface WorkerOptions {
  /** Whether it releases a lease as soon as it is recalled. */
  readonly obeysRecalls?: boolean;
  readonly isClaiming?: (key: string) => boolean;
  readonly resources?: () => Promise<readonly LeaseResource[]>;
  /** Time that goes by for the whole process with each claim. */
  readonly claimCostMs?: number;
  readonly room?: (held: number) => number;
}

/** A group of workers in one process that share out these keys; `pass` lets time go by for all of them. */
function groupOf(keys: string[]) {
  const clock = new ManualClock();
  const leases: MemoryLeases = createMemoryLeases(clock);
  const pass = async (ms: number) => {
    clock.advance(0);
    for (let left = ms; ; left -= 20) {
      for (let turn = 0; turn < 4; turn++) await setImmediate();
      if (left <= 0) return;
      clock.advance(Math.min(20, left));
    }
  };
  const worker = (name: string, { obeysRecalls = true, isClaiming = () => true, resources, claimCostMs = 0, room }: WorkerOptions = {}) => {
    const log: string[] = [];
    const connection = leases.connect();
    let isStopped = false;
    const { claim } = connection.store;
    const slowClaim: typeof claim = async (request) => {
      const answer = await claim(request);
      if (claimCostMs > 0) clock.advance(claimCostMs);
      return answer;
    };
    const store = Object.defineProperty(connection.store, 'claim', { value: slowClaim });
    const keeper: LeaseKeeper = createLeaseKeeper({
      ...(room && { room: () => room(keeper.leases.length) }),
      ...{ store, group: 'group', worker: name, clock, logger: silentLogger },
      resources: resources ?? (async () => keys.filter(isClaiming).map(freeResource)),
      emit: (event) => {
        log.push(toLine(event));
        if (event.type === 'lease.recalled' && obeysRecalls) void keeper.release(event.lease, { successor: event.successor });
      },
    });
    keeper.start();
    const stop = keeper.stop.bind(keeper);
    keeper.stop = () => {
      isStopped = true;
      return stop();
    };
    const held = () =>
      keeper.leases
        .filter((lease) => lease.isHeld())
        .map(({ key }) => key)
        .sort();
    return { keeper, connection, log, held, isStopped: () => isStopped };
  };
  return { worker, pass, leases, clock };
}

function toLine(event: LeaseEvent): string {
  switch (event.type) {
    case 'lease.claimed':
      return `claimed ${event.lease.key}`;
    case 'lease.recalled':
      return `recalled ${event.lease.key} for ${event.successor}`;
    case 'lease.lost':
      return `lost ${event.lease.key} ${event.reason}`;
    case 'members.changed':
      return `members ${event.members.join(' ')}`;
    case 'keeper.failed':
      return `failed ${(event.error as Error).message}`;
  }
}
