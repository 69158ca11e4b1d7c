import { WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';

/** What may be sent at once after a pause, in milliseconds of the rate. */
const BURST_MS = 500;

/**
 * What one writer may send to one shard, whatever the shard has room for: so many per cent of what the service lets all of them send. A
 * record that is larger than what is left is sent all the same, and the next one waits for it.
 */
export class RateCap {
  readonly #perMs: { readonly records: number; readonly bytes: number };
  readonly #most: { readonly records: number; readonly bytes: number };
  #records: number;
  #bytes: number;
  #atMs = Number.NEGATIVE_INFINITY;

  /** @param percent of a shard's quota; may be more than 100 */
  constructor(percent: number) {
    const [records, bytes] = [WRITE_RECORDS_PER_SECOND, WRITE_BYTES_PER_SECOND].map((quota) => (quota * percent) / 100_000) as [
      number,
      number,
    ];
    this.#perMs = { records, bytes };
    this.#most = { records: Math.max(1, records * BURST_MS), bytes: Math.max(1, bytes * BURST_MS) };
    this.#records = this.#most.records;
    this.#bytes = this.#most.bytes;
  }

  /** Takes a record, or more bytes of one; `false` where it has to wait. */
  take(records: number, bytes: number, nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#records < records || this.#bytes <= 0) return false;
    this.#records -= records;
    this.#bytes -= bytes;
    return true;
  }

  #refill(nowMs: number): void {
    const sinceMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = Math.max(this.#atMs, nowMs);
    this.#records = Math.min(this.#most.records, this.#records + this.#perMs.records * sinceMs);
    this.#bytes = Math.min(this.#most.bytes, this.#bytes + this.#perMs.bytes * sinceMs);
  }
}
