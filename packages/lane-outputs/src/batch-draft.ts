import type { Draft, RecordInHand } from '@sluice/egress';

/** A request of what a lane has of an input batch, or of one record that came by itself. */
export class BatchDraft implements Draft<RecordInHand> {
  readonly items: RecordInHand[] = [];
  byteSize = 0;

  /** Its size is for those who sent the batch to say. */
  get isFull(): boolean {
    return false;
  }

  add(record: RecordInHand): 'added' | 'full' {
    const [first] = this.items;
    if (first && (first.inputBatch === undefined || record.inputBatch !== first.inputBatch)) return 'full';
    this.items.push(record);
    this.byteSize += record.byteSize;
    return 'added';
  }
}
