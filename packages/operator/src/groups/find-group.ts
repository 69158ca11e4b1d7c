import { listSources } from '@sluice/lease';
import { listTargets } from '@sluice/queue';
import { type RedisSession, readerGroupKey, writerGroupKey } from '@sluice/redis';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';

export type GroupKind = 'ingress' | 'target';

/** Workers that share leases out: those that read an ingress, or that take the lanes of a target. */
export interface Group {
  readonly kind: GroupKind;
  readonly name: string;
  readonly key: string;
}

/**
 * The group that a person names.
 * @throws {OperatorInputError} nothing of that name was used in this Redis, or an ingress and a target both have it
 */
export async function findGroup(operator: Operator, name: string, kind: GroupKind | undefined): Promise<Group> {
  const { session, keyPrefix } = operator;
  const [sources, targets] = await Promise.all([listSources(session, keyPrefix), listTargets(session, { keyPrefix })]);
  const candidates: Group[] = [
    { kind: 'ingress', name, key: readerGroupKey(keyPrefix, name) },
    { kind: 'target', name, key: writerGroupKey(keyPrefix, name) },
  ];
  const isUsed = async (group: Group) =>
    (group.kind === 'ingress' ? sources.some((source) => source.startsWith(`${name}/`)) : targets.some(({ target }) => target === name)) ||
    (await membersOf(session, group.key)) > 0;
  const used = await Promise.all(candidates.map(isUsed));
  const found = candidates.filter((group, index) => used[index] && (kind === undefined || group.kind === kind));
  if (found.length > 1)
    throw new OperatorInputError(`both an ingress and a target are called ${name}: add --kind ingress or --kind target`);
  if (found[0]) return found[0];
  const known = [...sources.map((source) => `${source} (ingress/stream)`), ...targets.map(({ target }) => target)];
  throw new OperatorInputError(
    `expected the ${kind ?? 'ingress or target'} that this Redis knows, found ${name}; ${known.length === 0 ? 'it knows none yet' : `it knows ${known.join(', ')}`}`,
  );
}

/** How many workers are in it. */
export const membersOf = (session: RedisSession, group: string): Promise<number> =>
  session.run(session.epoch, (client) => client.zcard(group));
