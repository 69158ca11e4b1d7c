import { ABSENT, newRow, RecordColumns, type RecordRow, type ShardPosition, type SluiceRecord, toColumns } from '@sluice/core';
import { isAggregate } from '../aggregation/aggregate-reader.ts';
import { PlainCursor } from './plain-cursor.ts';
import type { RecordCursor } from './record-cursor.ts';
import { UnpackingCursor } from './unpacking-cursor.ts';

/** The reply to one GetRecords call, or an event of a subscription. Its user records are unpacked as they are taken: all at once they may take gigabytes. */
export interface RecordPage {
  /** Kinesis records in the reply, aggregates counted as one: what `limit` is held against. */
  readonly rawCount: number;
  /** Bytes of data in the reply. */
  readonly byteSize: number;
  /** Whether some of the records may be containers of many. */
  readonly hasAggregates: boolean;
  /** Of the first record; `undefined` for an empty page. */
  readonly firstSequenceNumber: string | undefined;
  /** Of the last record, all of whose user records are in the page; `undefined` for an empty page. */
  readonly lastSequenceNumber: string | undefined;
  /** In an event of a subscription a sequence number. `null` once the shard is closed and everything in it has been read. */
  readonly nextIterator: string | null;
  /** The shards that follow where this one ends; empty before its end, and where the service does not say. */
  readonly childShards: readonly ChildShard[];
  /** How far the reply is behind the tip of the shard, in time; 0 when caught up. */
  readonly millisBehindLatest: number;
  /** The user records in the order of the shard: all, or those after a position, which may be inside an aggregate. */
  recordsAfter(position?: ShardPosition): RecordCursor;
  /** Gives its memory back, for the next page. Neither it nor records taken from it may be used any more. */
  release(): void;
}

export interface ChildShard {
  readonly shardId: string;
  /** One after a split, two after a merge. */
  readonly parents: readonly string[];
}

/** What a page is made of. */
export interface PageContents extends Pick<RecordPage, 'nextIterator' | 'childShards' | 'millisBehindLatest'> {
  /** Kinesis records, aggregates not unpacked. */
  readonly columns: RecordColumns;
}

/** @param free called once the page is through: nothing refers to its bytes any more */
export const createColumnPage = (contents: PageContents, free?: () => void): RecordPage => new Page(contents, free);

/** A page with a copy of these records. */
export const createRecordPage = ({
  records,
  ...rest
}: Omit<PageContents, 'columns'> & { readonly records: readonly SluiceRecord[] }): RecordPage =>
  createColumnPage({ ...rest, columns: toColumns(records) });

/** Pages of one shard that follow each other as one page, with a copy of their bytes. Those given are used up. */
export function joinPages(pages: readonly RecordPage[]): RecordPage {
  const last = pages.at(-1)!;
  if (pages.length === 1) return last;
  const columns = Page.join(pages as readonly Page[]);
  for (const page of pages) page.release();
  const { nextIterator, childShards, millisBehindLatest } = last;
  return createColumnPage({ columns, nextIterator, childShards, millisBehindLatest });
}

class Page implements RecordPage {
  readonly byteSize: number;
  readonly hasAggregates: boolean;
  readonly nextIterator: string | null;
  readonly childShards: readonly ChildShard[];
  readonly millisBehindLatest: number;
  readonly #columns: RecordColumns;
  #free: (() => void) | undefined;

  constructor({ columns, nextIterator, childShards, millisBehindLatest }: PageContents, free: (() => void) | undefined) {
    let byteSize = 0;
    let hasAggregates = false;
    const row = newRow();
    for (let index = 0; index < columns.length; index++) {
      columns.read(index, row);
      byteSize += row.dataEnd - row.dataStart;
      hasAggregates ||= isAggregate(columns.bytes, row.dataStart, row.dataEnd);
    }
    this.byteSize = byteSize;
    this.hasAggregates = hasAggregates;
    this.nextIterator = nextIterator;
    this.childShards = childShards;
    this.millisBehindLatest = millisBehindLatest;
    this.#columns = columns;
    this.#free = free;
  }

  /** @param pages at least one */
  static join(pages: readonly Page[]): RecordColumns {
    const parts = pages.map((page) => page.#columns);
    const count = parts.reduce((sum, { length }) => sum + length, 0);
    const joined = new RecordColumns(Buffer.concat(parts.map(({ bytes }) => bytes)), parts[0]!, count);
    const row = newRow();
    let offset = 0;
    for (const part of parts) {
      for (let index = 0; index < part.length; index++) {
        part.read(index, row);
        joined.add(movedBy(offset, row));
      }
      offset += part.bytes.length;
    }
    return joined;
  }

  get rawCount(): number {
    return this.#columns.length;
  }

  get firstSequenceNumber(): string | undefined {
    return this.rawCount > 0 ? this.#columns.positionOf(0).sequenceNumber : undefined;
  }

  get lastSequenceNumber(): string | undefined {
    return this.rawCount > 0 ? this.#columns.positionOf(this.rawCount - 1).sequenceNumber : undefined;
  }

  release(): void {
    this.#columns.forget();
    this.#free?.();
    this.#free = undefined;
  }

  recordsAfter(position?: ShardPosition): RecordCursor {
    return this.hasAggregates ? new UnpackingCursor(this.#columns, position) : new PlainCursor(this.#columns, position);
  }
}

/** The row where all that it points into lies further on. */
function movedBy(offset: number, row: RecordRow): RecordRow {
  row.keyStart += offset;
  row.keyEnd += offset;
  if (row.hashKeyStart !== ABSENT) {
    row.hashKeyStart += offset;
    row.hashKeyEnd += offset;
  }
  row.sequenceStart += offset;
  row.sequenceEnd += offset;
  row.dataStart += offset;
  row.dataEnd += offset;
  return row;
}
