import type { RecordPage, StartingPosition } from '@sluice/kinesis';
import type { PageShare } from './page-budget.ts';

/** A page, and the memory that it takes. */
export interface FetchedPage {
  readonly page: RecordPage;
  readonly share: PageShare;
}

/** Where the pages of one shard come from: asked for, or pushed. */
export interface PageFeed {
  /** Whether the next page comes by itself, so that nobody need wait before asking for it. */
  readonly isPushed: boolean;
  /**
   * What to ask for first to begin at a position. Pages from before are dropped.
   * @throws {LeaseLostError} the lease has ended
   */
  open(position: StartingPosition, signal: AbortSignal): Promise<string>;
  /**
   * The page at an iterator: the one that `open` answered, or that of the page before.
   * @throws {IteratorExpiredError} it is too old, or another one
   * @throws {LeaseLostError} the lease has ended
   */
  next(iterator: string): Promise<FetchedPage>;
  /** Ends what is under way, which rejects. */
  reset(): void;
}

/** What a record takes beside its data: its row, and in the reply its key, its sequence number and the names of its members. */
export const RECORD_BYTES = 256;

/** Of the page as it came: what is unpacked from it has a share of its own. */
export const bytesInMemory = ({ byteSize, rawCount }: RecordPage): number => byteSize + rawCount * RECORD_BYTES;
