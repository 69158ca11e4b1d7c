/**
 * Holds the records that wait for one stream and decides what the next PutRecords request carries. Pure: it sends nothing, and time is an
 * argument. Constant amortised work a record: each line has its own queue, and only lines that may send are ever looked at.
 *
 *     add ──▶ ready ──next──▶ in flight ──settle──▶ gone
 *               ▲  ├▶ held (its lane may not send now)
 *               │  └▶ short (its shard has no budget left)
 *               └──── delayed (some of its records failed) ◀──┘
 *
 * A line is what keeps its order: a key of the output (`key`, `strict`), or a shard of the source (`shard`); with `none` each record is a line
 * of its own. A line is in exactly one of these places, and while it is in flight or delayed nothing newer of it leaves.
 *
 * Inside a request that fails in part a later record of a line could pass an earlier one. So nothing of a line follows a record, in its
 * request, whose outlet is likely to throttle; with `strict` nothing of a line follows any record. What shares the record's entry, and so its
 * fate, may follow it nevertheless.
 *
 * A request that the service refuses as invalid is bisected: its records may from then on share a request only with at most half as many,
 * so the offender ends alone, and its neighbours leave in their order.
 */
import type { Outlet } from '../shard-budget/outlet.ts';
import { Chain, chainOf, type Link } from './chain.ts';
import { DelayQueue } from './delay-queue.ts';
import { type Draft, type DraftLimits, PlainDraft } from './request-draft.ts';

export type Ordering = 'key' | 'strict' | 'shard' | 'none';

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
  /** Of Kinesis: where records share entries, the entries count. */
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** The records of a line that wait. */
class Line<Owner> extends Chain<Pending<Owner>> implements Link<Line<Owner>> {
  readonly id: unknown;
  next: Line<Owner> | undefined = undefined;
  hasFailed = false;

  constructor(id: unknown) {
    super();
    this.id = id;
  }
}

/** A request may be full. A small integer, because every record has one. */
export const TOGETHER = 2 ** 30 - 1;

export class RecordScheduler<Owner, Item extends Pending<Owner>, Request extends Draft<Item> = PlainDraft<Item>> {
  readonly #ordering: Ordering;
  readonly #limits: RequestLimits;
  /** By what names them, or by the item itself where order does not matter. */
  readonly #lines = new Map<unknown, Line<Owner>>();
  /** Lines that may send, by the `maxTogether` of their first record. Suspects go first, and among themselves. */
  readonly #ready = new Map<number, Chain<Line<Owner>>>([[TOGETHER, new Chain()]]);
  readonly #held = new Map<Owner, Chain<Line<Owner>>>();
  /** Lines whose first record found its outlet without budget. */
  readonly #short = new Map<Outlet, Chain<Line<Owner>>>();
  readonly #delayed = new DelayQueue<readonly Line<Owner>[]>();
  readonly #inFlight = new Map<Request, readonly Line<Owner>[]>();
  #waitingCount = 0;

  readonly #outletOf: (item: Item) => Outlet | undefined;
  readonly #lineOf: (item: Item) => unknown;
  readonly #draftOf: (limits: DraftLimits) => Request;

  /**
   * @param outletOf the budget that a record needs to leave; `undefined` where it needs none
   * @param lineOf names the line of a record, the same as long as it is here
   * @param draftOf begins a request
   */
  constructor(
    ordering: Ordering,
    limits: RequestLimits,
    outletOf: (item: Item) => Outlet | undefined = () => undefined,
    lineOf: (item: Item) => unknown = ({ partitionKey }) => partitionKey,
    draftOf: (limits: DraftLimits) => Request = plainDraftOf,
  ) {
    this.#ordering = ordering;
    this.#limits = limits;
    this.#outletOf = outletOf;
    this.#lineOf = ordering === 'none' ? (item) => item : lineOf;
    this.#draftOf = draftOf;
  }

  /** Records that wait, those in flight not counted. */
  get waiting(): number {
    return this.#waitingCount;
  }

  /** Of those that wait, how many do so in lines whose outlet has no budget left. Looks at each such line. */
  get waitingForBudget(): number {
    let records = 0;
    for (const lines of this.#short.values()) for (let line = lines.head; line; line = line.next) records += line.length;
    return records;
  }

  /** Requests given out by {@link next} and not settled. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** When the first delayed line may send again; `undefined` when none is delayed. */
  get nextDueMs(): number | undefined {
    return this.#delayed.firstDueMs;
  }

  /** Whether records wait only because their lane may not send now; {@link next} finds out when it may. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  add(item: Item): void {
    this.#waitingCount++;
    const id = this.#lineOf(item);
    let line = this.#lines.get(id);
    const isNew = !line;
    line ??= new Line(id);
    line.push(item);
    if (!isNew) return;
    this.#lines.set(id, line);
    this.#makeReady(line);
  }

  /**
   * The next request, or `undefined` while nothing may leave. Records whose owner `canSend` refuses stay where they are.
   * Each request must come back to {@link settle}.
   * @param maxRecords of it, where that is less than the limit
   */
  next(nowMs: number, canSend: (owner: Owner) => boolean, maxRecords = TOGETHER): Request | undefined {
    this.#wake(nowMs, canSend);
    for (const share of [...this.#ready.keys()].sort((a, b) => a - b)) {
      const request = this.#form(share, maxRecords, canSend, nowMs);
      if (request) return request;
    }
    return undefined;
  }

  /** Ends a request. `failed`, in the request's order, stay first in their lines and leave no sooner than `retryAtMs`. */
  settle(request: Request, failed: readonly Item[], retryAtMs: number): void {
    const lines = this.#inFlight.get(request);
    if (!lines) throw new RangeError('expected a request in flight');
    this.#inFlight.delete(request);
    for (const item of failed.toReversed()) this.#putBack(item);
    const delayed: Line<Owner>[] = [];
    for (const line of lines) {
      if (line.hasFailed) delayed.push(line);
      else this.#release(line);
      line.hasFailed = false;
    }
    if (delayed.length > 0) this.#delayed.add(retryAtMs, delayed);
  }

  /** Ends a request that the service refused as invalid: its records come again, at once, in requests of half the size. */
  bisect(request: Request, isStillOwned: (item: Item) => boolean): void {
    const share = Math.ceil(request.items.length / 2);
    const kept = request.items.filter(isStillOwned);
    for (const item of kept) item.maxTogether = share;
    this.settle(request, kept, Number.NEGATIVE_INFINITY);
  }

  /**
   * An outlet has budget again, for so many records and bytes; or it is none any more, and its lines look for theirs anew.
   * Answers whether more lines wait for it.
   */
  replenish(outlet: Outlet, { records, bytes }: Budget = UNLIMITED): boolean {
    const lines = this.#short.get(outlet);
    if (!lines) return false;
    for (let left = { records, bytes }; left.records > 0 && left.bytes > 0 && lines.head; left.records--) {
      left.bytes -= lines.head.head?.byteSize ?? 0;
      this.#release(lines.shift()!);
    }
    if (lines.head) return true;
    this.#short.delete(outlet);
    return false;
  }

  /** Takes out, and returns, every waiting record of the owners named. Those in flight are not touched. */
  withdraw(isNamed: (owner: Owner) => boolean): Item[] {
    const withdrawn: Item[] = [];
    for (const line of this.#lines.values()) {
      for (const item of line.drain()) {
        if (isNamed(item.owner)) withdrawn.push(item as Item);
        else line.push(item);
      }
    }
    this.#waitingCount -= withdrawn.length;
    // Their first record may be another now, and its place with it.
    const moved = [...this.#ready.values(), ...this.#short.values()].flatMap((lines) => lines.drain());
    this.#short.clear();
    for (const [owner, lines] of this.#held) {
      if (!isNamed(owner)) continue;
      this.#held.delete(owner);
      moved.push(...lines.drain());
    }
    for (const line of moved) this.#release(line);
    return withdrawn;
  }

  #form(share: number, maxRecords: number, canSend: (owner: Owner) => boolean, nowMs: number): Request | undefined {
    const ready = this.#ready.get(share)!;
    const draft = this.#draftOf({ ...this.#limits, maxRecords: Math.min(this.#limits.maxRecords, maxRecords), maxItems: share });
    const lines: Line<Owner>[] = [];
    for (let line = ready.shift(); line; line = ready.shift()) {
      const first = line.head as Item | undefined;
      if (!first || first.maxTogether !== share) {
        this.#release(line);
      } else if (!canSend(first.owner)) {
        chainOf(this.#held, first.owner).push(line);
      } else {
        const outlet = this.#outletOf(first);
        const outcome = draft.add(first, { outlet, nowMs });
        if (outcome === 'full') {
          ready.unshift(line);
          break;
        } else if (outcome === 'short') chainOf(this.#short, outlet!).push(line);
        else {
          this.#take(line, draft, { outlet, canSend, nowMs });
          lines.push(line);
        }
      }
      if (draft.isFull) break;
    }
    if (!ready.head && share !== TOGETHER) this.#ready.delete(share);
    if (lines.length === 0) return undefined;
    this.#inFlight.set(draft, lines);
    return draft;
  }

  /** Takes out a line's first record, which is in the request, and as many after it as there is room and budget for. */
  #take(
    line: Line<Owner>,
    draft: Request,
    { outlet, canSend, nowMs }: { outlet: Outlet | undefined; canSend: (owner: Owner) => boolean; nowMs: number },
  ): void {
    const share = line.head!.maxTogether;
    const isOneByOne = this.#ordering === 'strict' || this.#ordering === 'none';
    /** Of the newest record. */
    let newest = outlet;
    while (true) {
      line.shift();
      this.#waitingCount--;
      const next = draft.isFull ? undefined : (line.head as Item | undefined);
      if (!next || next.maxTogether !== share || !canSend(next.owner)) return;
      const joins = isOneByOne || (newest?.isRisky(nowMs) ?? false);
      newest = this.#outletOf(next);
      if (draft.add(next, { outlet: newest, nowMs, joins }) !== 'added') return;
    }
  }

  #putBack(item: Item): void {
    const line = this.#lines.get(this.#lineOf(item))!;
    line.unshift(item);
    line.hasFailed = true;
    this.#waitingCount++;
  }

  #wake(nowMs: number, canSend: (owner: Owner) => boolean): void {
    for (let lines = this.#delayed.takeDue(nowMs); lines; lines = this.#delayed.takeDue(nowMs)) {
      for (const line of lines.toReversed()) this.#release(line, 'first');
    }
    for (const [owner, lines] of this.#held) {
      if (!canSend(owner)) continue;
      this.#held.delete(owner);
      for (const line of lines.drain()) this.#release(line);
    }
  }

  /** A line that is in no place now: ready again, or forgotten when nothing of it waits. */
  #release(line: Line<Owner>, place: 'first' | 'last' = 'last'): void {
    if (line.head) this.#makeReady(line, place);
    else this.#lines.delete(line.id);
  }

  #makeReady(line: Line<Owner>, place: 'first' | 'last' = 'last'): void {
    const ready = chainOf(this.#ready, line.head!.maxTogether);
    if (place === 'first') ready.unshift(line);
    else ready.push(line);
  }
}

type Budget = { readonly records: number; readonly bytes: number };

const UNLIMITED: Budget = { records: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

const plainDraftOf = <Request>(limits: DraftLimits) => new PlainDraft(limits) as Request;
