/** What operators did, in Redis: the last {@link KEPT} entries, newest first. */
import { hostname, userInfo } from 'node:os';
import { auditKey } from '@sluice/redis';
import type { Operator } from './open-operator.ts';

export interface AuditEntry {
  /** By the clock of Redis, ISO 8601. */
  readonly at: string;
  /** `user@host` that ran the command. */
  readonly by: string;
  /** The command, such as `pause`. */
  readonly action: string;
  /** What it was done to. */
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

const KEPT = 1_000;

/** Notes what is about to be done, so that nothing is done without a trace. */
export async function writeAudit({ session, keyPrefix }: Operator, entry: Pick<AuditEntry, 'action' | 'subject' | 'facts'>): Promise<void> {
  const { epoch } = session;
  const [seconds, micros] = await session.run(epoch, (client) => client.time());
  const at = new Date(Number(seconds) * 1_000 + Number(micros) / 1_000).toISOString();
  const text = JSON.stringify({ at, by: whoAmI(), ...entry } satisfies AuditEntry);
  await session.run(epoch, (client) =>
    client
      .multi()
      .lpush(auditKey(keyPrefix), text)
      .ltrim(auditKey(keyPrefix), 0, KEPT - 1)
      .exec(),
  );
}

/** The newest entries, newest first. */
export async function readAudit({ session, keyPrefix }: Operator, count: number): Promise<AuditEntry[]> {
  if (count === 0) return [];
  const entries = await session.run(session.epoch, (client) => client.lrange(auditKey(keyPrefix), 0, count - 1));
  return entries.map((text) => JSON.parse(text) as AuditEntry);
}

export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user without an entry in /etc/passwd, as in a container.
    return `${process.getuid?.() ?? 'somebody'}@${hostname()}`;
  }
}
