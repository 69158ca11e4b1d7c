import { comparePositions, type ShardPosition, type SluiceRecord } from '@sluice/core';
import { isAggregate, readRecord, type UserRecords } from '../aggregation/aggregate-reader.ts';
import { compareSequenceNumbers } from '../sequence-number.ts';

/** The reply to one GetRecords call. Its user records are unpacked as they are taken: all at once they may take gigabytes. */
export interface RecordPage {
  /** Kinesis records in the reply, aggregates counted as one: what `limit` is held against. */
  readonly rawCount: number;
  /** Bytes of data in the reply. */
  readonly byteSize: number;
  /** Whether some of the records may be containers of many. */
  readonly hasAggregates: boolean;
  /** Of the first record; `undefined` for an empty page. */
  readonly firstSequenceNumber: string | undefined;
  /** `null` once the shard is closed and everything in it has been read. */
  readonly nextIterator: string | null;
  /** The shards that follow where this one ends; empty before its end, and where the service does not say. */
  readonly childShards: readonly ChildShard[];
  /** How far the reply is behind the tip of the shard, in time; 0 when caught up. */
  readonly millisBehindLatest: number;
  /** The user records in the order of the shard: all, or those after a position, which may be inside an aggregate. */
  recordsAfter(position?: ShardPosition): RecordCursor;
}

export interface ChildShard {
  readonly shardId: string;
  /** One after a split, two after a merge. */
  readonly parents: readonly string[];
}

/** Takes the records of a page in parts. */
export interface RecordCursor {
  /** Whether everything was taken. */
  readonly isDone: boolean;
  /**
   * The next records: as many as the limits allow, at least one unless all were taken.
   * @param maxBytes of their data
   */
  take(maxRecords?: number, maxBytes?: number): readonly SluiceRecord[];
}

/** What a page is made of. */
export interface PageContents extends Pick<RecordPage, 'nextIterator' | 'childShards' | 'millisBehindLatest'> {
  /** Kinesis records, aggregates not unpacked. */
  readonly records: readonly SluiceRecord[];
}

export const createRecordPage = (contents: PageContents): RecordPage => new Page(contents);

class Page implements RecordPage {
  readonly byteSize: number;
  readonly hasAggregates: boolean;
  readonly nextIterator: string | null;
  readonly childShards: readonly ChildShard[];
  readonly millisBehindLatest: number;
  readonly #records: readonly SluiceRecord[];

  constructor({ records, nextIterator, childShards, millisBehindLatest }: PageContents) {
    let byteSize = 0;
    let hasAggregates = false;
    for (const { data } of records) {
      byteSize += data.byteLength;
      hasAggregates ||= isAggregate(data);
    }
    this.byteSize = byteSize;
    this.hasAggregates = hasAggregates;
    this.nextIterator = nextIterator;
    this.childShards = childShards;
    this.millisBehindLatest = millisBehindLatest;
    this.#records = records;
  }

  get rawCount(): number {
    return this.#records.length;
  }

  get firstSequenceNumber(): string | undefined {
    return this.#records[0]?.origin?.sequenceNumber;
  }

  recordsAfter(position?: ShardPosition): RecordCursor {
    return this.hasAggregates ? new UnpackingCursor(this.#records, position) : new PlainCursor(this.#records, position);
  }
}

/** Over a page without aggregates, where a record is a user record. */
class PlainCursor implements RecordCursor {
  readonly #records: readonly SluiceRecord[];
  #next: number;

  constructor(records: readonly SluiceRecord[], after: ShardPosition | undefined) {
    this.#records = records;
    this.#next = after ? firstAt(records, ({ origin }) => comparePositions(origin!, after) > 0) : 0;
  }

  get isDone(): boolean {
    return this.#next >= this.#records.length;
  }

  take(maxRecords = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY): readonly SluiceRecord[] {
    const from = this.#next;
    const end = Math.min(this.#records.length, from + maxRecords);
    let bytes = 0;
    while (this.#next < end) {
      bytes += this.#records[this.#next]!.data.byteLength;
      if (bytes > maxBytes && this.#next > from) break;
      this.#next++;
    }
    return from === 0 && this.isDone ? this.#records : this.#records.slice(from, this.#next);
  }
}

/** Over a page in which records may be containers. One of them is open at a time. */
class UnpackingCursor implements RecordCursor {
  readonly #records: readonly SluiceRecord[];
  #open: UserRecords | undefined;
  #next: number;

  constructor(records: readonly SluiceRecord[], after: ShardPosition | undefined) {
    this.#records = records;
    this.#next = 0;
    if (!after) return;
    this.#next = firstAt(records, ({ origin }) => compareSequenceNumbers(origin!.sequenceNumber, after.sequenceNumber) >= 0);
    if (records[this.#next]?.origin?.sequenceNumber === after.sequenceNumber) this.#peek()?.skip(after.subSequenceNumber + 1);
  }

  get isDone(): boolean {
    return this.#peek() === undefined;
  }

  take(maxRecords = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY): readonly SluiceRecord[] {
    const taken: SluiceRecord[] = [];
    let bytes = 0;
    for (let open = this.#peek(); open && taken.length < maxRecords && bytes < maxBytes; open = this.#peek()) {
      const record = open.next();
      taken.push(record);
      bytes += record.data.byteLength;
    }
    return taken;
  }

  /** What the next record is to be taken from; `undefined` once all is taken. */
  #peek(): UserRecords | undefined {
    while (!this.#open?.remaining) {
      const record = this.#records[this.#next];
      if (!record) return undefined;
      this.#open = readRecord(record);
      this.#next++;
    }
    return this.#open;
  }
}

function firstAt(records: readonly SluiceRecord[], isReached: (record: SluiceRecord) => boolean): number {
  const index = records.findIndex(isReached);
  return index < 0 ? records.length : index;
}
