/** What `sluice up` shows and waits for, from one look at Kinesis and one at Redis, so that the figures of a line agree with each other. */
import { isRetryable } from '@sluice/core';
import { countDeadLetters, listTargets, readLaneCounts } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';

export interface Figures {
  /** Records that the source stream has taken, from any program. */
  readonly fed: number;
  /** Records waiting or in hand in all lanes. */
  readonly inLanes: number;
  /** Records that the output stream has taken, from any worker. */
  readonly written: number;
  readonly deadLetters: number;
  /** The local Kinesis has let go of the oldest records of the output stream. */
  readonly isOutputTrimmed: boolean;
}

export interface FiguresOptions {
  readonly endpoint: string;
  readonly source: string;
  readonly output: string;
  readonly session: RedisSession;
  readonly keyPrefix: string;
}

export async function readFigures({ endpoint, source, output, session, keyPrefix }: FiguresOptions): Promise<Figures> {
  // What is downstream is read first: a record that moves meanwhile is then counted where it was, never ahead of where it came from.
  const written = await streamOf(endpoint, output);
  const lanes = await laneFigures(session, keyPrefix);
  const fed = await streamOf(endpoint, source);
  return { fed: fed.records, written: written.records, isOutputTrimmed: written.trimmedRecords > 0, ...lanes };
}

interface StreamStatus {
  readonly name: string;
  /** Ever stored. */
  readonly records: number;
  readonly trimmedRecords: number;
}

async function streamOf(endpoint: string, stream: string): Promise<StreamStatus> {
  const answer = await fetch(`${endpoint}/__sluice/status`, { signal: AbortSignal.timeout(30_000) });
  const { streams } = (await answer.json()) as { streams: readonly StreamStatus[] };
  return streams.find(({ name }) => name === stream) ?? { name: stream, records: 0, trimmedRecords: 0 };
}

async function laneFigures(session: RedisSession, keyPrefix: string): Promise<{ inLanes: number; deadLetters: number }> {
  try {
    const targets = await listTargets(session, { keyPrefix });
    const each = await Promise.all(
      targets.map(async ({ target }) => ({
        lanes: await readLaneCounts(session, { keyPrefix, target }),
        deadLetters: await countDeadLetters(session, { keyPrefix, target }),
      })),
    );
    const inLanes = each.flatMap(({ lanes }) => lanes).reduce((sum, { records }) => sum + records, 0);
    return { inLanes, deadLetters: each.reduce((sum, { deadLetters }) => sum + deadLetters, 0) };
  } catch (error) {
    if (!isRetryable(error)) throw error;
    // Not known at this moment, and so surely not empty.
    return { inLanes: Number.POSITIVE_INFINITY, deadLetters: 0 };
  }
}
