/**
 * Sequence numbers of one shard: 56 decimal digits like the service's. The second in which the shard was made stands in
 * front, so that a child, made in a later second than its parents, lies above all they ever give out; then the shard's
 * number; the last 15 digits are an *ordinal* that grows by irregular steps, because nobody may count on neighbours.
 * Inside the store a record is known by its ordinal, which is a safe integer.
 */
export const ORDINAL_DIGITS = 15;
const ORDINAL_SPACE = 10n ** BigInt(ORDINAL_DIGITS);

export class SequenceNumbers {
  readonly #prefix: string;
  #next = 0;
  #step: number;

  constructor(createdAtSeconds: number, shardIndex: number) {
    const hex = `2${createdAtSeconds.toString(16).padStart(9, '0')}${shardIndex.toString(16).padStart(9, '0')}${'0'.repeat(28)}`;
    this.#prefix = (BigInt(`0x${hex}`) / ORDINAL_SPACE + 1n).toString();
    this.#step = (createdAtSeconds ^ Math.imul(shardIndex + 1, 0x9e3779b1)) >>> 0;
  }

  /** Takes the next ordinal; each is greater than all before. */
  take(): number {
    this.#step = (Math.imul(this.#step, 1_664_525) + 1_013_904_223) >>> 0;
    this.#next += 1 + (this.#step >>> 20);
    return this.#next;
  }

  /** Goes on above an ordinal that was given out before a restart. */
  resumeAbove(ordinal: number): void {
    this.#next = Math.max(this.#next, ordinal);
  }

  /** Below every ordinal still to be taken, at or above every one taken. */
  get last(): number {
    return this.#next;
  }

  format(ordinal: number): string {
    return this.#prefix + String(ordinal).padStart(ORDINAL_DIGITS, '0');
  }

  /** The ordinal of a sequence number; `undefined` where this shard cannot have given it out. */
  parse(sequenceNumber: string): number | undefined {
    const split = sequenceNumber.length - ORDINAL_DIGITS;
    if (!/^\d{56}$/.test(sequenceNumber) || sequenceNumber.slice(0, split) !== this.#prefix) return undefined;
    return Number(sequenceNumber.slice(split));
  }
}
