import { sleep, systemClock } from '@sluice/core';
import { createRedisLeaseStore, moveLease } from '@sluice/lease';
import { z } from 'zod';
import { OperatorInputError } from '../errors.ts';
import { findLease, type NamedLease } from '../groups/find-lease.ts';
import type { Operator } from '../operator.ts';
import { defineAction } from './action.ts';
import { timeoutMs } from './timeout.ts';

const LOOK_MS = 100;

const LEFT_THERE = 'the balance between workers leaves it there for ten minutes, then it is as any other';

const schema = z.strictObject({
  kind: z.enum(['shard', 'lane']).optional(),
  /** A shard's id, `INGRESS/STREAM/SHARD`, or `TARGET/LANE`. */
  name: z.string(),
  /** A worker's id, or what only its id begins with. */
  to: z.string().min(1),
  timeoutMs,
});

export const move = defineAction({
  name: 'move',
  title: 'Move a shard or a lane to another worker',
  schema,
  async plan(operator, { kind, name, to }) {
    const lease = await findLease(operator, name, kind);
    const worker = await workerCalled(operator, lease, to);
    const { owner, isHeld } = await ownerOf(operator, lease);
    const isThere = isHeld && owner === worker;
    return {
      lines: [
        isThere
          ? `keep ${lease.kind} ${lease.name} with ${worker}, which has it`
          : `move ${lease.kind} ${lease.name} to ${worker}; ${lease.kind} ${lease.name} is with ${owner === '' ? 'nobody' : owner}`,
        isThere ? LEFT_THERE : `who has it finishes what it has in hand; ${LEFT_THERE}`,
      ],
      subject: lease.name,
      facts: { kind: lease.kind, from: owner, to: worker },
      changes: true,
    };
  },
  async run(operator, { kind, name, to, timeoutMs }) {
    const lease = await findLease(operator, name, kind);
    const worker = await workerCalled(operator, lease, to);
    const noted = await moveLease(operator.session, { ...lease, worker, mustExist: lease.kind === 'shard' });
    if (noted !== 'noted')
      throw new OperatorInputError(`expected a shard that is read, found ${lease.name}, which has been read to its end`);
    const deadline = systemClock.monotonic() + timeoutMs;
    for (;;) {
      const { owner, isHeld } = await ownerOf(operator, lease);
      if (isHeld && owner === worker) return { lines: [`${lease.kind} ${lease.name} is with ${worker}`] };
      if (systemClock.monotonic() >= deadline)
        return {
          lines: [`${lease.name} is still with ${owner === '' ? 'nobody' : owner}; it moves as soon as its owner has nothing in hand`],
        };
      await sleep(systemClock, LOOK_MS);
    }
  },
});

async function ownerOf({ session }: Operator, { key }: NamedLease): Promise<{ readonly owner: string; readonly isHeld: boolean }> {
  const [row] = await createRedisLeaseStore(session).survey(session.epoch, [key]);
  return { owner: row!.worker, isHeld: row!.state === 'held' };
}

/** @throws {OperatorInputError} no worker of the group is called so, or several are */
async function workerCalled({ session }: Operator, { group }: NamedLease, name: string): Promise<string> {
  const members = await session.run(session.epoch, (client) => client.zrange(group, '0', '-1'));
  const found = members.includes(name) ? [name] : members.filter((member) => member.startsWith(name));
  if (found.length === 1) return found[0]!;
  throw new OperatorInputError(
    `expected one of its workers, found ${name}${found.length > 1 ? ', which several ids begin with' : ''}; ${members.length === 0 ? 'there is none' : `there are ${members.join(', ')}`}`,
  );
}
