import { type DraftRules, PlainDraft, type RecordInHand } from '@sluice/egress';

/** A request of records of one line. */
export class RunDraft extends PlainDraft<RecordInHand> {
  readonly #lineOf: (record: RecordInHand) => string;

  constructor(maxRecords: number, lineOf: (record: RecordInHand) => string) {
    super({ maxRecords, maxItems: maxRecords, maxBytes: Number.POSITIVE_INFINITY });
    this.#lineOf = lineOf;
  }

  override add(record: RecordInHand, rules: DraftRules): 'added' | 'full' | 'short' {
    const [first] = this.items;
    return first && this.#lineOf(record) !== this.#lineOf(first) ? 'full' : super.add(record, rules);
  }
}
