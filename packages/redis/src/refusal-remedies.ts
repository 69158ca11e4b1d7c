/** What to do where Redis refuses, by what it says. */

/** Its first sentence: some refusals go on for many. */
export const inRedisWords = ({ message }: Error): string => /^.*?[^.]\.(?=\s|$)/s.exec(message)?.[0].slice(0, -1) ?? message;

const ACCESS: ReadonlyArray<readonly [says: RegExp, remedy: string]> = [
  [
    /protected mode/,
    'set a password in Redis and in `sluice.redis.password`, or, where only friends reach it, `protected-mode no` in the configuration of Redis',
  ],
  [/NOAUTH/, 'set its password: `sluice.redis.password`, SLUICE_REDIS_PASSWORD or SLUICE_REDIS_PASSWORD_FILE, or in its URL'],
  [/NOPERM/, 'give the user the rights that deploy/redis/users.acl lists for this program'],
];

/** What to do about a user who is not let in, or not allowed a command. */
export const accessRemedy = ({ message }: Error): string =>
  remedyIn(ACCESS, message) ??
  'check the user and the password (`sluice.redis.username` and `sluice.redis.password`, or those in its URL), and that `ACL GETUSER` shows the user as `on`';

const REPLICA = 'it is a replica: set `sluice.redis.url` to its master, or let `sluice.redis.sentinel` find it';
const BUSY: typeof ACCESS = [
  [/LOADING/, 'it answers once its data are loaded'],
  [/MASTERDOWN|READONLY/, REPLICA],
  [/OOM/, 'raise its `maxmemory`, or lower the high water marks (`sluice.backpressure`)'],
  [/MISCONF/, 'it cannot write to its disk: look at its log'],
  [/NOREPLICAS/, 'it has fewer replicas than `min-replicas-to-write`'],
  [/max number of clients/, 'raise its `maxclients`'],
];

/** What to do about a refusal that passes, behind a semicolon; nothing where waiting is all. */
export function busyRemedy({ message }: Error): string {
  const remedy = remedyIn(BUSY, message);
  return remedy === undefined ? '' : `; ${remedy}`;
}

const remedyIn = (table: typeof ACCESS, message: string): string | undefined => table.find(([says]) => says.test(message))?.[1];
