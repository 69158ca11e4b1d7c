import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const users = new Map(
  readFileSync(join(ROOT, 'deploy/redis/users.acl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => [line.split(' ')[1]!, line.split(' ').slice(2)]),
);
const commandsOf = (user: string) =>
  new Set(
    users
      .get(user)!
      .filter((rule) => rule.startsWith('+'))
      .map((rule) => rule.slice(1)),
  );

/** What a Lua script of ours calls, by any name of the call. */
const callsIn = (files: readonly string[]) =>
  new Set(
    files.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\b(?:redis\.p?call|rcall)\(\s*['"](\w+)['"]/g)].map(([, command]) =>
        command!.toLowerCase(),
      ),
    ),
  );

describe('users.acl', () => {
  it('lets workers and operators call what our scripts call', () => {
    const scripts = callsIn(
      globSync('packages/{queue,lease,functions,status}/src/**/*.{lua,ts}', { cwd: ROOT }).filter((file) => !file.includes('.test.')),
    );
    expect(scripts.size).toBeGreaterThan(20);
    for (const user of ['sluice-ingress', 'sluice-egress', 'sluice-function', 'sluice-operator', 'sluice-board'])
      expect([user, [...scripts.difference(commandsOf(user))]]).toEqual([user, []]);
  });

  it('lets nobody but the administrator do more than a worker must', () => {
    for (const [user, rules] of users) {
      if (user === 'default') expect(rules).toEqual(['off']);
      if (!user.startsWith('sluice-')) continue;
      expect(rules).toContain('-@all');
      expect(rules).toContain('~sluice:*');
      expect(
        rules.filter((rule) =>
          /^\+(@|keys$|flush|config$|config\|set|acl|debug|shutdown|client$|client\|kill|script$|monitor|replicaof|eval_ro)/.test(rule),
        ),
      ).toEqual([]);
    }
  });

  it('lets a board that only reads change nothing', () => {
    const writes = ['set', 'del', 'hset', 'hdel', 'lpush', 'rpush', 'lrem', 'zadd', 'zrem', 'xadd', 'publish', 'incr', 'multi', 'exec'];
    expect(writes.filter((command) => commandsOf('sluice-board-reader').has(command))).toEqual([]);
  });
});
