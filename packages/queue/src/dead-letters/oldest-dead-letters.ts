/** Dead letters for who sends them on: oldest first, some at a time, with their records. */
import { deadLetterKeys, type RedisSession, runPipeline, runTransaction, type TargetAddress } from '@sluice/redis';
import { type DeadLetter, type DeadLetterSummary, toDeadLetter } from './dead-letter.ts';
import { DeadLetterBrokenError } from './errors.ts';

export interface OldestDeadLettersOptions extends TargetAddress {
  /** Ids that are passed over. */
  readonly skip: ReadonlySet<string>;
  readonly count: number;
  /** Of the data of all; at least one letter is read. */
  readonly maxBytes: number;
}

/** A dead letter that cannot be read: its record is gone, or is none. */
export interface BrokenDeadLetter {
  readonly id: string;
  readonly error: unknown;
}

const IDS_AT_A_TIME = 1_000;

/** In their order. The epoch is that under which the caller may work on them. */
export async function readOldestDeadLetters(
  session: RedisSession,
  epoch: number,
  { skip, count, maxBytes, ...address }: OldestDeadLettersOptions,
): Promise<readonly (DeadLetter | BrokenDeadLetter)[]> {
  const { jobPrefix, payloads } = deadLetterKeys(address);
  const ids = await oldestIds(session, epoch, { ...address, skip, count });
  if (ids.length === 0) return [];
  const texts = (await runPipeline(session, epoch, (pipeline) => {
    for (const id of ids) pipeline.hget(jobPrefix + id, 'data');
  })) as (string | null)[];
  const summaries = texts.map((text) => (text === null ? undefined : (JSON.parse(text) as DeadLetterSummary)));
  const chosen = ids.slice(0, fitting(summaries, maxBytes));
  const frames = (await session.run(epoch, (client) => client.hmgetBuffer(payloads, ...chosen))) as (Buffer | null)[];
  return chosen.map((id, index) => open(id, summaries[index], frames[index] ?? undefined));
}

async function oldestIds(
  session: RedisSession,
  epoch: number,
  { skip, count, ...address }: Omit<OldestDeadLettersOptions, 'maxBytes'>,
): Promise<readonly string[]> {
  const { failed } = deadLetterKeys(address);
  for (let offset = 0; ; offset += IDS_AT_A_TIME) {
    const all = await session.run(epoch, (client) => client.zrange(failed, String(offset), String(offset + IDS_AT_A_TIME - 1)));
    const ids = all.filter((id) => !skip.has(id));
    if (ids.length > 0 || all.length < IDS_AT_A_TIME) return ids.slice(0, count);
  }
}

/** Forgets dead letters for good. Those that are gone already do not matter. */
export async function removeDeadLetters(
  session: RedisSession,
  epoch: number,
  { ids, ...address }: TargetAddress & { readonly ids: readonly string[] },
): Promise<void> {
  if (ids.length === 0) return;
  const { failed, jobPrefix, payloads } = deadLetterKeys(address);
  await runTransaction(session, epoch, (transaction) =>
    transaction
      .zrem(failed, ...ids)
      .del(...ids.map((id) => jobPrefix + id))
      .hdel(payloads, ...ids),
  );
}

/** How many of the first stay within the limit; at least one. */
function fitting(summaries: readonly (DeadLetterSummary | undefined)[], maxBytes: number): number {
  let bytes = 0;
  const index = summaries.findIndex((summary, place) => {
    bytes += summary?.bytes ?? 0;
    return place > 0 && bytes > maxBytes;
  });
  return index === -1 ? summaries.length : index;
}

function open(id: string, summary: DeadLetterSummary | undefined, frame: Buffer | undefined): DeadLetter | BrokenDeadLetter {
  if (!summary || !frame) return { id, error: new DeadLetterBrokenError(id, summary ? 'record' : 'job') };
  try {
    return toDeadLetter(summary, frame);
  } catch (error) {
    return { id, error };
  }
}
