import { RedisAccessError, RedisUnsuitableError } from './errors.ts';
import type { RedisSession } from './redis-session.ts';

export interface PreflightOptions {
  /** Accept a Redis that forgets everything when it restarts. Records in its lanes are then lost; for trying things out. */
  readonly allowVolatile?: boolean;
}

/** What Redis says of itself. */
export interface RedisFacts {
  readonly version: string;
  readonly mode: string;
  readonly maxmemoryPolicy: string;
  /** `aof`, `rdb` (loses what came after its last snapshot), or `none`. */
  readonly persistence: 'aof' | 'rdb' | 'none';
}

const MINIMUM_VERSION = [6, 2] as const;

/**
 * Checks that Redis keeps what is written to it, and returns what it says of itself.
 * INFO is all it needs: managed services refuse CONFIG.
 * @throws {RedisUnsuitableError} Redis is too old, a cluster, evicts, or has no persistence and `allowVolatile` is not set
 */
export async function preflight(session: RedisSession, { allowVolatile = false }: PreflightOptions = {}): Promise<RedisFacts> {
  const { location } = session;
  const info = parseInfo(await session.run(session.epoch, (client) => client.info()));
  const version = info.get('redis_version') ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MINIMUM_VERSION[0] || (major === MINIMUM_VERSION[0] && minor < MINIMUM_VERSION[1])) {
    throw new RedisUnsuitableError(location, `has version ${version}`, `Sluice needs ${MINIMUM_VERSION.join('.')} or later`);
  }
  // Valkey has no `redis_mode`.
  const mode = info.get('redis_mode') ?? info.get('server_mode') ?? 'standalone';
  if (mode === 'cluster') {
    throw new RedisUnsuitableError(
      location,
      'runs in cluster mode',
      'Sluice keeps a lease and its writes on one connection; use a single Redis or Sentinel',
    );
  }
  const maxmemoryPolicy = info.get('maxmemory_policy') ?? 'unknown';
  if (maxmemoryPolicy !== 'noeviction') {
    throw new RedisUnsuitableError(
      location,
      `evicts keys when it is full (maxmemory_policy is ${maxmemoryPolicy})`,
      'set maxmemory-policy noeviction',
    );
  }
  const persistence = info.get('aof_enabled') === '1' ? 'aof' : (await hasSnapshots(session)) ? 'rdb' : 'none';
  if (persistence === 'none' && !allowVolatile) {
    throw new RedisUnsuitableError(
      location,
      'has no persistence: a restart would lose the records in its lanes',
      'set appendonly yes, or accept that loss with --allow-volatile',
    );
  }
  return { version, mode, maxmemoryPolicy, persistence };
}

/** Whether snapshots are taken by themselves. Where CONFIG is refused nothing says so, and nothing is assumed. */
async function hasSnapshots(session: RedisSession): Promise<boolean> {
  try {
    const [, save = ''] = (await session.run(session.epoch, (client) => client.config('GET', 'save'))) as [string?, string?];
    return save !== '';
  } catch (error) {
    if (error instanceof RedisAccessError || /unknown command|disabled/i.test(String(error))) return false;
    throw error;
  }
}

const parseInfo = (text: string): Map<string, string> =>
  new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
    }),
  );
