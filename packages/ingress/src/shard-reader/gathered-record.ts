import type { SluiceRecord } from '@sluice/core';
import { messageMetadata } from '@sluice/kinesis';

/** A record of an input batch, and the message that the batch policy's `check` sees. */
export class GatheredRecord {
  record: SluiceRecord;
  /** Whether it is in memory of its own; until then it is part of a page. */
  isOwn = false;

  constructor(record: SluiceRecord) {
    this.record = record;
  }

  get content(): Uint8Array {
    return this.record.data;
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return messageMetadata(this.record);
  }

  own(copy: SluiceRecord): void {
    this.record = copy;
    this.isOwn = true;
  }
}
