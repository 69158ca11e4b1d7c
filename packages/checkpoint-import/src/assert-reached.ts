/**
 * Whether an open shard has got as far as a checkpoint says. A number above all that its records have comes from elsewhere, and what the shard
 * is given below it would never be read.
 *
 * The record of a checkpoint was handled, so it was there. It is still there, or has expired, and then everything before it has too: a shard
 * that holds records, all of them below the number, never had it.
 */
import { type Clock, SluiceError, sleep } from '@sluice/core';
import { compareSequenceNumbers, type KinesisSource, type StartingPosition } from '@sluice/kinesis';
import { CheckpointImportError } from './errors.ts';

export interface ReachedOptions {
  readonly source: Pick<KinesisSource, 'getShardIterator' | 'getRecords'>;
  readonly stream: string;
  readonly shardId: string;
  /** Of the checkpoint. */
  readonly sequenceNumber: string;
  readonly clock: Clock;
}

/** Others may read the shard, or the application that is taken over. */
const MOST_TRIES = 10;
const PAUSE_MS = 1_000;

/** @throws {CheckpointImportError} the shard has records, and none at the number or after it */
export async function assertReached(options: ReachedOptions): Promise<void> {
  const { stream, shardId, sequenceNumber } = options;
  const refusal = (cause?: unknown) =>
    new CheckpointImportError(
      `expected a sequence number that ${stream} ${shardId} has reached, found ${sequenceNumber}, which is above all of its records or not of this stream; was the stream deleted and created again?`,
      { cause },
    );
  const isReached = () =>
    firstFrom(options, { type: 'AT_SEQUENCE_NUMBER', sequenceNumber }).catch((error: unknown) => {
      throw hasCode(error, 'KINESIS_VALIDATION') ? refusal(error) : error;
    });
  if (await isReached()) return;
  const oldest = await firstFrom(options, { type: 'TRIM_HORIZON' });
  if (!oldest || compareSequenceNumbers(oldest, sequenceNumber) >= 0) return;
  // One reply without records is no proof.
  if (!(await isReached())) throw refusal();
}

/** The number of the first record from a position on; `undefined` where none is there yet. */
async function firstFrom(options: ReachedOptions, position: StartingPosition): Promise<string | undefined> {
  const { source, stream, shardId } = options;
  let iterator: string | null = await patiently(options, () => source.getShardIterator({ stream, shardId, position }));
  while (iterator !== null) {
    const from: string = iterator;
    const page = await patiently(options, () => source.getRecords({ stream, shardId, iterator: from, limit: 1 }));
    if (page.firstSequenceNumber !== undefined || page.millisBehindLatest === 0) return page.firstSequenceNumber;
    iterator = page.nextIterator;
  }
  return undefined;
}

async function patiently<Answer>({ clock }: ReachedOptions, call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === MOST_TRIES || !hasCode(error, 'KINESIS_THROTTLED', 'KINESIS_UNAVAILABLE', 'KINESIS_TIMEOUT')) throw error;
    }
    await sleep(clock, PAUSE_MS);
  }
}

const hasCode = (error: unknown, ...codes: readonly string[]): boolean => error instanceof SluiceError && codes.includes(error.code);
