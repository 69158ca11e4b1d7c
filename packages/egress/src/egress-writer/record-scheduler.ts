/**
 * Holds the records that wait for one stream and decides what the next PutRecords request carries. Pure: it sends nothing, and time is an
 * argument. Constant amortised work a record: each key has its own queue, and only keys that may send are ever looked at.
 *
 *     add ──▶ ready ──next──▶ in flight ──settle──▶ gone
 *               ▲  ├▶ held (its lane may not send now)
 *               │  └▶ short (its shard has no budget left)
 *               └──── delayed (some of its records failed) ◀──┘
 *
 * A key is in exactly one of these places. While it is in flight or delayed nothing newer of it leaves: that is `ordering: key`. `strict`
 * adds that a request carries one record of a key at most, so that not even a partial failure lets a later record pass an earlier one; so
 * do the other modes for the keys of a shard that is likely to throttle. With `none` each record counts as a key of its own.
 *
 * A request that the service refuses as invalid is bisected: its records may from then on share a request only with at most half as many,
 * so the offender ends alone, and its neighbours leave in their order.
 */
import type { Outlet } from '../shard-budget/outlet.ts';
import { Chain, chainOf, type Link } from './chain.ts';
import { DelayQueue } from './delay-queue.ts';

export type Ordering = 'key' | 'strict' | 'none';

/** A record as the scheduler sees it. `owner` is the holder of a lane: what is withdrawn, held and checked together. */
export interface Pending<Owner> extends Link<Pending<Owner>> {
  /** Of the output, after interpolation. */
  readonly partitionKey: string;
  /** Bytes towards the request's limit: data and UTF-8 key. */
  readonly byteSize: number;
  readonly owner: Owner;
  /** Most records that a request with this one may carry; halved when a request with it was refused as invalid. */
  maxTogether: number;
}

export interface RequestLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

export interface ScheduledRequest<Owner, Item extends Pending<Owner>> {
  readonly items: readonly Item[];
  readonly byteSize: number;
}

/** The records of a key that wait. */
class KeyQueue<Owner> extends Chain<Pending<Owner>> implements Link<KeyQueue<Owner>> {
  readonly id: unknown;
  next: KeyQueue<Owner> | undefined = undefined;
  hasFailed = false;

  constructor(id: unknown) {
    super();
    this.id = id;
  }
}

/** A request that is being filled, and the room left in it. */
interface Draft<Item> {
  readonly items: Item[];
  records: number;
  bytes: number;
}

/** A request may be full. A small integer, because every record has one. */
export const TOGETHER = 2 ** 30 - 1;

export class RecordScheduler<Owner, Item extends Pending<Owner>> {
  readonly #ordering: Ordering;
  readonly #limits: RequestLimits;
  /** By partition key, or by the item itself where order does not matter. */
  readonly #keys = new Map<unknown, KeyQueue<Owner>>();
  /** Keys that may send, by the `maxTogether` of their first record. Suspects go first, and among themselves. */
  readonly #ready = new Map<number, Chain<KeyQueue<Owner>>>([[TOGETHER, new Chain()]]);
  readonly #held = new Map<Owner, Chain<KeyQueue<Owner>>>();
  /** Keys whose first record found its outlet without budget. */
  readonly #short = new Map<Outlet, Chain<KeyQueue<Owner>>>();
  readonly #delayed = new DelayQueue<readonly KeyQueue<Owner>[]>();
  readonly #inFlight = new Map<ScheduledRequest<Owner, Item>, readonly KeyQueue<Owner>[]>();
  #waitingCount = 0;

  readonly #outletOf: (item: Item) => Outlet | undefined;

  /** @param outletOf the budget that a record needs to leave; `undefined` where it needs none */
  constructor(ordering: Ordering, limits: RequestLimits, outletOf: (item: Item) => Outlet | undefined = () => undefined) {
    this.#ordering = ordering;
    this.#limits = limits;
    this.#outletOf = outletOf;
  }

  /** Records that wait, those in flight not counted. */
  get waiting(): number {
    return this.#waitingCount;
  }

  /** Requests given out by {@link next} and not settled. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** When the first delayed key may send again; `undefined` when none is delayed. */
  get nextDueMs(): number | undefined {
    return this.#delayed.firstDueMs;
  }

  /** Whether records wait only because their lane may not send now; {@link next} finds out when it may. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  add(item: Item): void {
    this.#waitingCount++;
    const id = this.#ordering === 'none' ? item : item.partitionKey;
    let key = this.#keys.get(id);
    const isNew = !key;
    key ??= new KeyQueue(id);
    key.push(item);
    if (!isNew) return;
    this.#keys.set(id, key);
    this.#makeReady(key);
  }

  /**
   * The next request, or `undefined` while nothing may leave. Records whose owner `canSend` refuses stay where they are.
   * Each request must come back to {@link settle}.
   * @param maxRecords of it, where that is less than the limit
   */
  next(nowMs: number, canSend: (owner: Owner) => boolean, maxRecords = TOGETHER): ScheduledRequest<Owner, Item> | undefined {
    this.#wake(nowMs, canSend);
    for (const share of [...this.#ready.keys()].sort((a, b) => a - b)) {
      const request = this.#form(share, Math.min(share, maxRecords), canSend, nowMs);
      if (request) return request;
    }
    return undefined;
  }

  /** Ends a request. `failed`, in the request's order, stay first in their keys' order and leave no sooner than `retryAtMs`. */
  settle(request: ScheduledRequest<Owner, Item>, failed: readonly Item[], retryAtMs: number): void {
    const keys = this.#inFlight.get(request);
    if (!keys) throw new RangeError('expected a request in flight');
    this.#inFlight.delete(request);
    for (const item of failed.toReversed()) this.#putBack(item);
    const delayed: KeyQueue<Owner>[] = [];
    for (const key of keys) {
      if (key.hasFailed) delayed.push(key);
      else this.#release(key);
      key.hasFailed = false;
    }
    if (delayed.length > 0) this.#delayed.add(retryAtMs, delayed);
  }

  /** Ends a request that the service refused as invalid: its records come again, at once, in requests of half the size. */
  bisect(request: ScheduledRequest<Owner, Item>, isStillOwned: (item: Item) => boolean): void {
    const share = Math.ceil(request.items.length / 2);
    const kept = request.items.filter(isStillOwned);
    for (const item of kept) item.maxTogether = share;
    this.settle(request, kept, Number.NEGATIVE_INFINITY);
  }

  /**
   * An outlet has budget again, for `records` of them; or it is none any more, and its keys look for theirs anew.
   * Answers whether more keys wait for it.
   */
  replenish(outlet: Outlet, records = Number.POSITIVE_INFINITY): boolean {
    const keys = this.#short.get(outlet);
    if (!keys) return false;
    for (let left = records; left > 0 && keys.head; left--) this.#release(keys.shift()!);
    if (keys.head) return true;
    this.#short.delete(outlet);
    return false;
  }

  /** Takes out, and returns, every waiting record of the owners named. Those in flight are not touched. */
  withdraw(isNamed: (owner: Owner) => boolean): Item[] {
    const withdrawn: Item[] = [];
    for (const key of this.#keys.values()) {
      for (const item of key.drain()) {
        if (isNamed(item.owner)) withdrawn.push(item as Item);
        else key.push(item);
      }
    }
    this.#waitingCount -= withdrawn.length;
    for (const [owner, keys] of this.#held) {
      if (!isNamed(owner)) continue;
      this.#held.delete(owner);
      for (const key of keys.drain()) this.#release(key);
    }
    return withdrawn;
  }

  #form(share: number, most: number, canSend: (owner: Owner) => boolean, nowMs: number): ScheduledRequest<Owner, Item> | undefined {
    const ready = this.#ready.get(share)!;
    const draft: Draft<Item> = { items: [], records: Math.min(this.#limits.maxRecords, most), bytes: this.#limits.maxBytes };
    const keys: KeyQueue<Owner>[] = [];
    for (let key = ready.shift(); key; key = ready.shift()) {
      const first = key.head as Item | undefined;
      if (!first || first.maxTogether !== share) {
        this.#release(key);
      } else if (!canSend(first.owner)) {
        chainOf(this.#held, first.owner).push(key);
      } else if (isTooLarge(first, draft)) {
        ready.unshift(key);
        break;
      } else {
        const outlet = this.#outletOf(first);
        if (outlet && !outlet.take(first.byteSize, nowMs)) chainOf(this.#short, outlet).push(key);
        else {
          this.#take(key, draft, { outlet, canSend, nowMs });
          keys.push(key);
        }
      }
      if (draft.records === 0) break;
    }
    if (!ready.head && share !== TOGETHER) this.#ready.delete(share);
    if (keys.length === 0) return undefined;
    const request = { items: draft.items, byteSize: this.#limits.maxBytes - draft.bytes };
    this.#inFlight.set(request, keys);
    return request;
  }

  /** Moves a key's first record into the request, for which there is room and budget, and as many after it as there are for. */
  #take(
    key: KeyQueue<Owner>,
    draft: Draft<Item>,
    { outlet, canSend, nowMs }: { outlet: Outlet | undefined; canSend: (owner: Owner) => boolean; nowMs: number },
  ): void {
    const share = key.head!.maxTogether;
    const isAlone = this.#ordering !== 'key' || (outlet?.isRisky(nowMs) ?? false);
    const hasBudget = (item: Item) => !outlet || (this.#outletOf(item) === outlet && outlet.take(item.byteSize, nowMs));
    let next: Item | undefined;
    do {
      const item = key.shift() as Item;
      this.#waitingCount--;
      draft.items.push(item);
      draft.bytes -= item.byteSize;
      draft.records--;
      next = isAlone || draft.records === 0 ? undefined : (key.head as Item | undefined);
    } while (next && next.maxTogether === share && !isTooLarge(next, draft) && canSend(next.owner) && hasBudget(next));
  }

  #putBack(item: Item): void {
    const key = this.#keys.get(this.#ordering === 'none' ? item : item.partitionKey)!;
    key.unshift(item);
    key.hasFailed = true;
    this.#waitingCount++;
  }

  #wake(nowMs: number, canSend: (owner: Owner) => boolean): void {
    for (let keys = this.#delayed.takeDue(nowMs); keys; keys = this.#delayed.takeDue(nowMs)) {
      for (const key of keys.toReversed()) this.#release(key, 'first');
    }
    for (const [owner, keys] of this.#held) {
      if (!canSend(owner)) continue;
      this.#held.delete(owner);
      for (const key of keys.drain()) this.#release(key);
    }
  }

  /** A key that is in no place now: ready again, or forgotten when nothing of it waits. */
  #release(key: KeyQueue<Owner>, place: 'first' | 'last' = 'last'): void {
    if (key.head) this.#makeReady(key, place);
    else this.#keys.delete(key.id);
  }

  #makeReady(key: KeyQueue<Owner>, place: 'first' | 'last' = 'last'): void {
    const ready = chainOf(this.#ready, key.head!.maxTogether);
    if (place === 'first') ready.unshift(key);
    else ready.push(key);
  }
}

/** A single record over the byte limit would wait without end; the service refuses it. */
const isTooLarge = <Item extends Pending<unknown>>({ byteSize }: Item, { items, bytes }: Draft<Item>): boolean =>
  byteSize > bytes && items.length > 0;
