import { type DraftRules, PlainDraft, type RecordInHand } from '@sluice/egress';
import type { RunRules } from './run-rules.ts';

/** A request of records of one line. */
export class RunDraft extends PlainDraft<RecordInHand> {
  readonly #lineOf: (record: RecordInHand) => string;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxRecords, maxBytes }: Pick<RunRules, 'maxRecords' | 'maxBytes'>, lineOf: (record: RecordInHand) => string) {
    super({ maxRecords, maxItems: maxRecords, maxBytes: Number.POSITIVE_INFINITY });
    this.#lineOf = lineOf;
    this.#maxBytes = maxBytes;
  }

  override add(record: RecordInHand, rules: DraftRules): 'added' | 'full' | 'short' {
    const [first] = this.items;
    const bytes = this.#bytes + record.data.byteLength;
    if (first && (this.#lineOf(record) !== this.#lineOf(first) || bytes > this.#maxBytes)) return 'full';
    this.#bytes = bytes;
    return super.add(record, rules);
  }
}
