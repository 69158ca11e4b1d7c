import { listSources } from '@sluice/lease';
import { laneLeaseKey, listTargets } from '@sluice/queue';
import { readerGroupKey, shardRowKey, shardTableKey, writerGroupKey } from '@sluice/redis';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';

export type LeaseKind = 'shard' | 'lane';

/** A lease that workers of a group hold, as an operator names it. */
export interface NamedLease {
  readonly kind: LeaseKind;
  /** `INGRESS/STREAM/SHARD` or `TARGET/LANE`. */
  readonly name: string;
  readonly group: string;
  readonly key: string;
}

/**
 * The lease that a person names: a shard by its id or as `INGRESS/STREAM/SHARD`, a lane as `TARGET/LANE`.
 * @throws {OperatorInputError} there is none, or there are several
 */
export async function findLease(operator: Operator, name: string, kind: LeaseKind | undefined): Promise<NamedLease> {
  const [shards, lanes] = await Promise.all([
    kind === 'lane' ? [] : shardsCalled(operator, name),
    kind === 'shard' ? [] : lanesCalled(operator, name),
  ]);
  const found = [...shards, ...lanes];
  if (found.length === 1) return found[0]!;
  throw new OperatorInputError(
    found.length > 1
      ? `expected one shard or lane, found ${found.length} that are called ${name}: ${found.map((one) => one.name).join(', ')}`
      : `expected a shard, such as shardId-000000000000 or INGRESS/STREAM/SHARD, or a lane, such as output/orders/3, found ${name}; \`sluice shards\` and \`sluice lanes\` list them`,
  );
}

async function shardsCalled(operator: Operator, name: string): Promise<NamedLease[]> {
  const { session, keyPrefix } = operator;
  const perSource = (await listSources(session, keyPrefix)).map(async (source) => {
    const shardId = name.startsWith(`${source}/`) ? name.slice(source.length + 1) : name;
    const key = shardRowKey(shardTableKey(keyPrefix, source), shardId);
    const [isThere] = await session.run(session.epoch, async (client) => [await client.exists(key)]);
    if (!isThere) return [];
    return [{ kind: 'shard' as const, name: `${source}/${shardId}`, group: await readersOf(operator, source), key }];
  });
  return (await Promise.all(perSource)).flat();
}

/** The group of the ingress of a source, whose id is what stands before one of the slashes. */
async function readersOf({ session, keyPrefix }: Operator, source: string): Promise<string> {
  const groups = [...source.matchAll(/\//g)].map(({ index }) => readerGroupKey(keyPrefix, source.slice(0, index)));
  const members = await Promise.all(groups.map((group) => session.run(session.epoch, (client) => client.zcard(group))));
  return groups[members.findIndex((count) => count > 0)] ?? groups.at(-1)!;
}

async function lanesCalled({ session, keyPrefix }: Operator, name: string): Promise<NamedLease[]> {
  const targets = await listTargets(session, { keyPrefix });
  return targets.flatMap(({ target, lanes }) => {
    const lane = name.startsWith(`${target}/`) ? name.slice(target.length + 1) : '';
    if (!/^\d+$/.test(lane) || Number(lane) >= lanes) return [];
    return [
      {
        kind: 'lane' as const,
        name,
        group: writerGroupKey(keyPrefix, target),
        key: laneLeaseKey({ keyPrefix, target, lane: Number(lane) }),
      },
    ];
  });
}
