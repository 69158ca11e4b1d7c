/**
 * Which records of a lane are replays: jobs that a reader enqueued twice, or that an old reader enqueued beside its successor.
 *
 * The lane is judged in id order, shard by shard. A job whose token is lower than one seen under a lower id is stale: its records
 * come again under the higher token, whose reader began where the old one's checkpoint was. Any other job is trimmed by the positions
 * seen under lower ids. Two owners may have the same number when a Redis came back older; then the one seen first is the older.
 *
 * What an owner has judged is kept as the progress *after* each job, so that another owner that begins at any job it finds knows what
 * lay before: the progress stored in Redis is that of the last job below the first gap, those above a gap are noted with their ids.
 */
import { comparePositions, type ShardPosition, type SluiceRecord } from '@sluice/core';
import { type FencingToken, formatFencingToken, isSameToken, parseFencingToken } from '@sluice/lease';
import { formatPosition, parsePosition, type StoredSource, shardKeyOf } from '../job-data.ts';

/** How far a lane has seen a shard. */
export interface ShardProgress {
  readonly token: FencingToken;
  readonly last: ShardPosition;
  /** Owners that had the token's number before its owner did. */
  readonly formerOwners: readonly string[];
}

export interface Judgement {
  /** Whether the job's records come again under a higher token. */
  readonly isStale: boolean;
  /** Positions up to this one were seen under a lower id; `undefined` where none were. */
  readonly seenUpTo: ShardPosition | undefined;
  /** The shard's progress after this job. */
  readonly progress: ShardProgress;
}

/** Judges the next job of a shard in id order. */
export function judgeJob(seen: ShardProgress | undefined, { token, last }: StoredSource): Judgement {
  if (!seen) return { isStale: false, seenUpTo: undefined, progress: { token, last, formerOwners: [] } };
  if (isSuperseded(seen, token)) return { isStale: true, seenUpTo: undefined, progress: seen };
  const progress = {
    token,
    last: comparePositions(last, seen.last) > 0 ? last : seen.last,
    formerOwners:
      token.number > seen.token.number ? [] : isSameToken(token, seen.token) ? seen.formerOwners : [...seen.formerOwners, seen.token.owner],
  };
  return { isStale: false, seenUpTo: seen.last, progress };
}

const isSuperseded = ({ token: seen, formerOwners }: ShardProgress, token: FencingToken): boolean =>
  token.number < seen.number || (token.number === seen.number && formerOwners.includes(token.owner));

/** Whether a record of a judged job is a replay. A record without an origin never is. */
export function isReplay({ isStale, seenUpTo }: Judgement, { origin }: SluiceRecord): boolean {
  if (!origin) return false;
  return isStale || (seenUpTo !== undefined && comparePositions(origin, seenUpTo) <= 0);
}

/** Whether any record of a judged job may be a replay, by the position of its first: positions ascend along a job. */
export const mayHoldReplays = ({ isStale, seenUpTo }: Judgement, { first }: StoredSource): boolean =>
  isStale || (seenUpTo !== undefined && comparePositions(first, seenUpTo) <= 0);

export const formatProgress = ({ token, last, formerOwners }: ShardProgress): string =>
  JSON.stringify({ token: formatFencingToken(token), last: formatPosition(last), ...(formerOwners.length > 0 && { formerOwners }) });

/** @throws {TypeError | SyntaxError} the text is not what {@link formatProgress} makes */
export function parseProgress(text: string): ShardProgress {
  const { token, last, formerOwners = [] } = JSON.parse(text) as { token: string; last: string; formerOwners?: string[] };
  const parsed = parseFencingToken(token);
  if (!parsed) throw new TypeError(`expected a fencing token, got ${JSON.stringify(token)}`);
  return { token: parsed, last: parsePosition(last), formerOwners };
}

/** The progress of the shards along a lane, as its owner goes through it in id order. */
export class LaneProgress {
  readonly #seen = new Map<string, ShardProgress>();
  /** Jobs acked above a gap, ascending: their progress counts once the ids before them are judged. */
  readonly #acked: { readonly id: number; readonly shard: string; readonly progress: ShardProgress }[];

  /**
   * @param filter shard → progress, as stored
   * @param acked job id → `shard \n progress`, as stored
   */
  constructor(filter: Readonly<Record<string, string>>, acked: Readonly<Record<string, string>>) {
    for (const [shard, text] of Object.entries(filter)) this.#seen.set(shard, parseProgress(text));
    this.#acked = Object.entries(acked)
      .map(([id, note]) => {
        const cut = note.indexOf('\n');
        return { id: Number(id), shard: note.slice(0, cut), progress: parseProgress(note.slice(cut + 1)) };
      })
      .sort((a, b) => a.id - b.id);
  }

  /** Judges job `id`; ids must ascend from call to call. */
  judge(id: number, source: StoredSource): Judgement {
    while (this.#acked.length > 0 && this.#acked[0]!.id < id) {
      const { shard, progress } = this.#acked.shift()!;
      this.#seen.set(shard, progress);
    }
    const shard = shardKeyOf(source);
    const judgement = judgeJob(this.#seen.get(shard), source);
    this.#seen.set(shard, judgement.progress);
    return judgement;
  }
}

/** What is stored of a job that was acked. */
export const noteOf = (source: StoredSource, progress: ShardProgress): string => `${shardKeyOf(source)}\n${formatProgress(progress)}`;
