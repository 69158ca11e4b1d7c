/**
 * Collects items into batches after Benthos's batch policy. Pure: time is an argument, in milliseconds from any fixed start, and
 * nothing leaves before {@link Batcher.flush} is called.
 *
 * The period counts from the last flush (or from construction), not from the first item, and an empty flush starts it anew; so an
 * item waits anything between nothing and the whole period.
 */
import type { BatchPolicy, FlushReason } from './batch-policy.ts';

export interface Batch<Item> {
  readonly items: readonly Item[];
  /** Payload bytes of all items together. */
  readonly byteSize: number;
  /** What triggered; `undefined` when the caller flushed for a reason of its own, such as a shutdown. */
  readonly reason: FlushReason | undefined;
}

export interface BatcherOptions {
  readonly nowMs: number;
  /** Called with each error that `check` threw; the batch stays. */
  readonly onCheckError?: (error: unknown) => void;
}

interface Slot<Item> {
  readonly item: Item;
  readonly byteSize: number;
}

export class Batcher<Item> {
  readonly #policy: BatchPolicy<Item>;
  readonly #onCheckError: (error: unknown) => void;
  #items: Item[] = [];
  #sizes: number[] = [];
  #byteSize = 0;
  #triggered: FlushReason | undefined;
  #lastFlushMs: number;

  constructor(policy: BatchPolicy<Item>, { nowMs, onCheckError = () => undefined }: BatcherOptions) {
    this.#policy = policy;
    this.#onCheckError = onCheckError;
    this.#lastFlushMs = nowMs;
  }

  get count(): number {
    return this.#items.length;
  }

  /** What is buffered, newest last. */
  get items(): readonly Item[] {
    return this.#items;
  }

  get byteSize(): number {
    return this.#byteSize;
  }

  /**
   * Buffers an item of `byteSize` payload bytes; answers whether the batch should leave now. An item added after the trigger joins the
   * same batch, so that what arrives together is not torn apart.
   */
  add(item: Item, byteSize: number, nowMs: number): boolean {
    this.#items.push(item);
    this.#sizes.push(byteSize);
    this.#byteSize += byteSize;
    this.#triggered ??= this.#triggerOfNewest();
    return this.isDue(nowMs);
  }

  /** Whether the batch should leave now; an empty one never does. */
  isDue(nowMs: number): boolean {
    return this.#items.length > 0 && (this.#triggered !== undefined || this.#isPeriodOver(nowMs));
  }

  /** When the period ends, on the scale of the times given; `undefined` without a period. */
  deadline(): number | undefined {
    return this.#policy.periodMs > 0 ? this.#lastFlushMs + this.#policy.periodMs : undefined;
  }

  /** Empties the buffer and starts the period anew. `undefined` when nothing was buffered. */
  flush(nowMs: number): Batch<Item> | undefined {
    const reason = this.#triggered ?? (this.#isPeriodOver(nowMs) ? 'period' : undefined);
    const batch = { items: this.#items, byteSize: this.#byteSize, reason };
    this.#refill([]);
    this.#triggered = undefined;
    this.#lastFlushMs = nowMs;
    return batch.items.length > 0 ? batch : undefined;
  }

  /** Takes out, and returns, the items that `predicate` names, as when their owner may no longer send them. A trigger already pulled stays pulled. */
  remove(predicate: (item: Item) => boolean): Item[] {
    const removed = this.#items.filter(predicate);
    if (removed.length > 0) {
      const kept = this.#items.map((item, index) => ({ item, byteSize: this.#sizes[index]! })).filter(({ item }) => !predicate(item));
      this.#refill(kept);
    }
    return removed;
  }

  #triggerOfNewest(): FlushReason | undefined {
    const { count, byteSize, check } = this.#policy;
    if (count > 0 && this.#items.length >= count) return 'count';
    if (byteSize > 0 && this.#byteSize >= byteSize) return 'size';
    if (!check) return undefined;
    try {
      return check(this.#items) ? 'check' : undefined;
    } catch (error) {
      this.#onCheckError(error);
      return undefined;
    }
  }

  #isPeriodOver(nowMs: number): boolean {
    return this.#policy.periodMs > 0 && nowMs - this.#lastFlushMs >= this.#policy.periodMs;
  }

  #refill(slots: readonly Slot<Item>[]): void {
    this.#items = slots.map(({ item }) => item);
    this.#sizes = slots.map(({ byteSize }) => byteSize);
    this.#byteSize = this.#sizes.reduce((sum, size) => sum + size, 0);
  }
}
