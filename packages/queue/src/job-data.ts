import type { ShardPosition } from '@sluice/core';
import { type FencingToken, formatFencingToken, parseFencingToken } from '@sluice/lease';

/** Which shard a batch came from, under which reader, and from where to where. */
export interface LaneSource {
  /** What identifies the stream for its whole life. */
  readonly stream: string;
  readonly shardId: string;
  /** The reader's lease of the shard. */
  readonly token: FencingToken;
  /** Of the first record. */
  readonly first: ShardPosition;
  /** Of the last record. */
  readonly last: ShardPosition;
}

/** What a lane's job holds in Redis and shows on Bull Board. The records themselves are beside it, under `payload`. */
export interface LaneJobData {
  readonly target: string;
  readonly lane: number;
  readonly records: number;
  /** Of the payload. */
  readonly bytes: number;
  readonly source?: LaneSourceData;
  /** ISO 8601. */
  readonly enqueuedAt: string;
  /** How often its lane was given up because of it or a neighbour. */
  readonly attempts: number;
  readonly lastReason?: string;
  /** Indexes of the records still to be delivered, such as `0-3,7`; all where absent. */
  readonly remaining?: string;
  /** The `traceparent` of what put it into the lane; absent where that is not traced. */
  readonly trace?: string;
  /** Present where the records are what the lane has of an input batch, which is processed as a whole. */
  readonly together?: boolean;
  /** Random, and so the job's identity where an id was given twice by a Redis that came back older. */
  readonly payload: string;
}

/** A source as its lane keeps it. */
export interface StoredSource extends LaneSource {
  /** The number of lanes that the records were shared out to. A position seen under another number says nothing of these records. */
  readonly lanes?: number;
}

export interface LaneSourceData {
  readonly stream: string;
  readonly shard: string;
  readonly lanes?: number;
  /** `number:owner`. */
  readonly token: string;
  /** `sequence number/sub-sequence number`. */
  readonly first: string;
  readonly last: string;
}

export const toSourceData = ({ stream, shardId, lanes, token, first, last }: StoredSource): LaneSourceData => ({
  stream,
  shard: shardId,
  ...(lanes !== undefined && { lanes }),
  token: formatFencingToken(token),
  first: formatPosition(first),
  last: formatPosition(last),
});

/** @throws {TypeError} the data is not what {@link toSourceData} makes */
export function fromSourceData({ stream, shard, lanes, token, first, last }: LaneSourceData): StoredSource {
  const parsed = parseFencingToken(token);
  if (!parsed) throw new TypeError(`expected a fencing token, got ${JSON.stringify(token)}`);
  const positions = { first: parsePosition(first), last: parsePosition(last) };
  return { stream, shardId: shard, ...(lanes !== undefined && { lanes }), token: parsed, ...positions };
}

/**
 * A shard as the lanes name it. With the number of lanes: a page of which one lane had its part before the number changed is read again, and
 * this lane's keys are others then.
 */
export const shardKeyOf = ({ stream, shardId, lanes }: Pick<StoredSource, 'stream' | 'shardId' | 'lanes'>): string =>
  lanes === undefined ? `${stream}/${shardId}` : `${stream}/${shardId}/${lanes}`;

export const formatPosition = ({ sequenceNumber, subSequenceNumber }: ShardPosition): string => `${sequenceNumber}/${subSequenceNumber}`;

const POSITION = /^(\d+)\/(\d+)$/;

/** @throws {TypeError} the text is no position */
export function parsePosition(text: string): ShardPosition {
  const match = POSITION.exec(text);
  if (!match) throw new TypeError(`expected a shard position, got ${JSON.stringify(text)}`);
  return { sequenceNumber: match[1]!, subSequenceNumber: Number(match[2]) };
}
