import { createRedisShardTable, listSources, type ShardRow } from '@sluice/lease';
import { readerGroupKey, shardTableKey } from '@sluice/redis';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';

/** Shards of one stream of an ingress. */
export interface ChosenShards {
  readonly stream: string;
  readonly table: ReturnType<typeof createRedisShardTable>;
  /** Those that are meant. */
  readonly shards: readonly ShardRow[];
}

/**
 * The shards that are meant.
 * @throws {OperatorInputError} the ingress, or one of the shards, is not known here
 */
export async function chooseShards(
  { session, keyPrefix }: Operator,
  ingress: string,
  { streams, shardIds }: { readonly streams: readonly string[]; readonly shardIds: readonly string[] },
): Promise<ChosenShards[]> {
  const sources = await listSources(session, keyPrefix);
  const known = sources.filter((source) => source.startsWith(`${ingress}/`)).map((source) => source.slice(ingress.length + 1));
  if (known.length === 0)
    throw new OperatorInputError(
      `expected an ingress that was read with this Redis, found ${ingress}; it knows ${namesOf(sources) || 'none'}`,
    );
  const unknown = streams.find((stream) => !known.includes(stream));
  if (unknown !== undefined)
    throw new OperatorInputError(`expected a stream of ${ingress}, found ${unknown}; it reads ${known.join(', ')}`);
  const found = await Promise.all(
    known
      .filter((stream) => streams.length === 0 || streams.includes(stream))
      .map(async (stream): Promise<ChosenShards> => {
        const all = await shardsOfStream({ session, keyPrefix }, ingress, stream);
        return { ...all, shards: all.shards.filter(({ shardId }) => shardIds.length === 0 || shardIds.includes(shardId)) };
      }),
  );
  const all = new Set(found.flatMap(({ shards }) => shards.map(({ shardId }) => shardId)));
  const missing = shardIds.find((shardId) => !all.has(shardId));
  if (missing !== undefined) throw new OperatorInputError(`expected a shard of ${ingress}, found ${missing}; \`sluice shards\` lists them`);
  return found.filter(({ shards }) => shards.length > 0);
}

/** All shards of a stream of an ingress, sorted by id; none where it was never read. */
export async function shardsOfStream({ session, keyPrefix }: Operator, ingress: string, stream: string): Promise<ChosenShards> {
  const table = createRedisShardTable(session, {
    key: shardTableKey(keyPrefix, `${ingress}/${stream}`),
    group: readerGroupKey(keyPrefix, ingress),
    start: { kind: 'TRIM_HORIZON' },
  });
  return { stream, table, shards: (await table.list()).toSorted((a, b) => (a.shardId < b.shardId ? -1 : 1)) };
}

/** Of the ingresses: a source is `INGRESS/STREAM`, and the stream may be an ARN, which has a slash. */
const namesOf = (sources: readonly string[]): string =>
  [...new Set(sources.map((source) => source.replace(/\/(?:arn:.*|[^/]*)$/, '')))].join(', ');
