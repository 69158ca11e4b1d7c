/** What operators did, in Redis: the last {@link KEPT} entries, newest first. */
import { auditKey } from '@sluice/redis';
import type { Operator } from '../operator.ts';

export interface AuditEntry {
  /** By the clock of Redis, ISO 8601. */
  readonly at: string;
  /** `user@host` that ran the command, or `user (board)`. */
  readonly by: string;
  /** The action, such as `pause`. */
  readonly action: string;
  /** What it was done to. */
  readonly subject: string;
  /** With `failed` (code and message) where the entry says that an action noted before did not succeed. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const KEPT = 1_000;

/** Notes what is about to be done, so that nothing is done without a trace. */
export async function writeAudit({ session, keyPrefix }: Operator, entry: Omit<AuditEntry, 'at'>): Promise<void> {
  const { epoch } = session;
  const [seconds, micros] = await session.run(epoch, (client) => client.time());
  const at = new Date(Number(seconds) * 1_000 + Number(micros) / 1_000).toISOString();
  const text = JSON.stringify({ at, ...entry } satisfies AuditEntry);
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
