/** The sources that have a table of shards: id of the ingress, a slash, the stream as it is configured. */
import { type RedisSession, shardTableKey, sourcesFoundKey, sourcesKey } from '@sluice/redis';

const KEYS_A_SCAN = 1_000;

/**
 * Every source that was ever read and not forgotten, sorted. The first call in an installation looks for tables among all keys, since older releases
 * listed them nowhere; where it may not write what it finds, each call does.
 */
export async function listSources(session: RedisSession, keyPrefix: string): Promise<string[]> {
  const [isComplete, listed] = await session.run(session.epoch, (client) =>
    Promise.all([client.exists(sourcesFoundKey(keyPrefix)), client.smembers(sourcesKey(keyPrefix))]),
  );
  if (isComplete === 1) return listed.sort();
  const found = [...new Set([...listed, ...(await findTables(session, keyPrefix))])].sort();
  await keep(session, keyPrefix, found).catch(() => undefined);
  return found;
}

/** Takes a source off the list, whose table was removed. */
export async function unlistSource(session: RedisSession, keyPrefix: string, source: string): Promise<void> {
  await session.run(session.epoch, (client) => client.srem(sourcesKey(keyPrefix), source));
}

async function keep(session: RedisSession, keyPrefix: string, sources: readonly string[]): Promise<void> {
  await session.run(session.epoch, async (client) => {
    if (sources.length > 0) await client.sadd(sourcesKey(keyPrefix), ...sources);
    await client.set(sourcesFoundKey(keyPrefix), '1');
  });
}

async function findTables(session: RedisSession, keyPrefix: string): Promise<Set<string>> {
  const [before, after] = shardTableKey(keyPrefix, '\0').split('\0') as [string, string];
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await session.run(session.epoch, (client) =>
      client.scan(cursor, 'MATCH', `${escapeGlob(before)}*${escapeGlob(after)}`, 'COUNT', KEYS_A_SCAN),
    );
    for (const key of keys) found.add(key.slice(before.length, -after.length));
    cursor = next;
  } while (cursor !== '0');
  return found;
}

const escapeGlob = (text: string): string => text.replaceAll(/[\\*?[\]]/g, '\\$&');
