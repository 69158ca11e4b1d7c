/**
 * Random traffic through a scheduler, against a service that fails at random, and what must hold of each request. Answers the promises that
 * were broken; none where the scheduler is right.
 */
import type { SeededRandom } from '@sluice/testkit';
import type { Ordering, RecordScheduler } from '../egress-writer/record-scheduler.ts';
import type { DraftLimits, PlainDraft } from '../egress-writer/request-draft.ts';
import { type Item, item, TestOutlet } from './scheduled-items.ts';

interface Traveller extends Item {
  readonly number: number;
  /** Of the source. */
  readonly shard: string;
}

type State = 'waiting' | 'inFlight' | 'written' | 'rejected' | 'withdrawn';
type Request = PlainDraft<Traveller>;

/** An outlet that knows what was lent and what left. */
class LentOutlet extends TestOutlet {
  isShort = false;
  lent = 0;
  left = 0;

  override take(byteSize: number, nowMs: number): boolean {
    this.isShort ||= this.records < 1;
    return super.take(byteSize, nowMs);
  }

  lend(records: number): void {
    this.records = records;
    this.lent = this.left + records;
  }
}

const OWNERS = 3;
const STEPS = 600;
const MOST_STEPS = 6_000;

/** What is tried; a part of it may have been made wrong on purpose. */
export interface SchedulerParts {
  readonly RecordScheduler: typeof RecordScheduler;
  readonly PlainDraft: typeof PlainDraft;
}

export class SchedulerTraffic {
  readonly #ordering: Ordering;
  readonly #random: SeededRandom;
  readonly #limits: { readonly maxRecords: number; readonly maxBytes: number };
  readonly #outlets = Array.from({ length: 3 }, () => new LentOutlet());
  readonly #scheduler: RecordScheduler<number, Traveller>;
  readonly #items: Traveller[] = [];
  /** By line, those that are not over, in their order. */
  readonly #lines = new Map<string, Traveller[]>();
  readonly #states = new Map<Traveller, State>();
  readonly #poison = new Set<Traveller>();
  /** By line, when it may send again. */
  readonly #dueMs = new Map<string, number>();
  readonly #open: Request[] = [];
  readonly #lapsed = new Set<number>();
  readonly #broken = new Set<string>();
  #nowMs = 0;

  constructor(parts: SchedulerParts, ordering: Ordering, random: SeededRandom) {
    this.#ordering = ordering;
    this.#random = random;
    this.#limits = { maxRecords: 1 + random.below(8), maxBytes: 10 + random.below(30) };
    const lineOf = ordering === 'shard' ? ({ shard }: Traveller) => shard : undefined;
    const draftOf = (limits: DraftLimits) => new parts.PlainDraft<Traveller>(limits);
    this.#scheduler = new parts.RecordScheduler<number, Traveller>(ordering, this.#limits, (one) => this.#outletOf(one), lineOf, draftOf);
  }

  /** Plays it to its end. Answers which promises broke. */
  play(): string[] {
    const random = this.#random;
    try {
      for (let step = 0; step < STEPS; step++) {
        this.#nowMs += random.below(5);
        if (random.chance(0.6)) this.#add();
        if (this.#open.length < 4) this.#start();
        if (random.chance(0.5)) this.#answer();
        if (random.chance(0.3)) this.#lend();
        if (random.chance(0.02)) this.#withdraw();
        if (random.chance(0.02)) this.#lapsed.add(random.below(OWNERS));
        if (random.chance(0.05)) this.#lapsed.clear();
      }
      this.#drain();
    } catch (error) {
      this.#broken.add(String(error));
    }
    return [...this.#broken];
  }

  #drain(): void {
    this.#lapsed.clear();
    for (let step = STEPS; step < MOST_STEPS && this.#isBusy; step++) {
      this.#nowMs += 50;
      this.#lend();
      this.#start();
      this.#answer();
    }
    const lost = this.#items.filter((one) => this.#is(one, 'waiting') || this.#is(one, 'inFlight'));
    if (lost.length > 0) this.#broken.add('lost');
  }

  get #isBusy(): boolean {
    return this.#scheduler.waiting > 0 || this.#open.length > 0;
  }

  #add(): void {
    const random = this.#random;
    const number = this.#items.length;
    const plain = item(String(number), {
      ...{ key: `k${random.below(6)}`, owner: random.below(OWNERS), byteSize: 1 + random.below(10) },
    });
    const one = { ...plain, number, shard: `s${random.below(3)}` };
    if (random.chance(0.04)) this.#poison.add(one);
    this.#items.push(one);
    this.#states.set(one, 'waiting');
    this.#lines.set(this.#lineOf(one), [...this.#openOf(this.#lineOf(one)), one]);
    this.#scheduler.add(one);
  }

  #start(): void {
    const request = this.#scheduler.next(this.#nowMs, (owner) => !this.#lapsed.has(owner));
    if (request) this.#sent(request);
    else this.#checkNothingIsHeldBack();
  }

  #sent(request: Request): void {
    this.#check(request);
    for (const one of request.items) {
      this.#states.set(one, 'inFlight');
      const outlet = this.#outletOf(one);
      if (outlet) outlet.left++;
    }
    for (const outlet of this.#outlets) {
      if (outlet.left > outlet.lent) this.#broken.add('sent without budget');
      if (outlet.left + outlet.records < outlet.lent) this.#broken.add('budget taken for nothing');
    }
    this.#open.push(request);
  }

  #check({ items, byteSize }: Request): void {
    if (items.length > this.#limits.maxRecords || (items.length > 1 && byteSize > this.#limits.maxBytes)) this.#broken.add('limits');
    const ahead = new Map<string, Traveller>();
    for (const one of items) {
      if (this.#lapsed.has(one.owner)) this.#broken.add('sent without lease');
      if (!this.#is(one, 'waiting')) this.#broken.add('sent though it did not wait');
      const line = this.#lineOf(one);
      if ((this.#dueMs.get(line) ?? 0) > this.#nowMs) this.#broken.add('sent before its pause ended');
      const before = ahead.get(line);
      if (before && this.#ordering === 'strict') this.#broken.add('two of a line');
      if (before && this.#outletOf(before)?.risky) this.#broken.add('behind one that may be throttled');
      ahead.set(line, one);
    }
    if (this.#ordering !== 'none') this.#checkOrder(items);
  }

  /** Whatever is earlier in its line is over, or ahead of it in its request. */
  #checkOrder(items: readonly Traveller[]): void {
    for (const [line, sent] of Map.groupBy(items, (one) => this.#lineOf(one))) {
      const first = this.#openOf(line).slice(0, sent.length);
      if (sent.some((one, place) => one !== first[place])) this.#broken.add('passed an earlier one of its line');
    }
  }

  /** Nothing waits whose lane may send, whose pause is over, and before which nothing of its line is in flight. */
  #checkNothingIsHeldBack(): void {
    if (this.#outlets.some(({ isShort }) => isShort)) return;
    for (const line of this.#lines.keys()) {
      const open = this.#openOf(line);
      const mayLeave = open[0] && !this.#lapsed.has(open[0].owner) && (this.#dueMs.get(line) ?? 0) <= this.#nowMs;
      if (mayLeave && !this.#open.some(({ items }) => items.some((one) => this.#lineOf(one) === line))) this.#broken.add('held back');
    }
  }

  #openOf(line: string): Traveller[] {
    const open = (this.#lines.get(line) ?? []).filter((one) => this.#is(one, 'waiting') || this.#is(one, 'inFlight'));
    this.#lines.set(line, open);
    return open;
  }

  #answer(): void {
    const request = this.#open.splice(this.#random.below(this.#open.length), 1)[0];
    if (!request) return;
    const { items } = request;
    const offenders = items.filter((one) => this.#poison.has(one));
    if (offenders.length > 0 && items.length > 1) {
      this.#return(items);
      this.#scheduler.bisect(request, (one) => !this.#is(one, 'withdrawn'));
      return;
    }
    const failsInPart = this.#random.chance(0.3);
    const failed = items.filter((one) => failsInPart && !offenders.includes(one) && this.#random.chance(0.4));
    for (const one of items) {
      if (offenders.includes(one)) this.#states.set(one, 'rejected');
      else if (!failed.includes(one)) this.#states.set(one, 'written');
    }
    this.#return(failed);
    const retryAtMs = this.#nowMs + this.#random.below(50);
    const again = failed.filter((one) => !this.#is(one, 'withdrawn'));
    for (const one of again) this.#dueMs.set(this.#lineOf(one), retryAtMs);
    this.#scheduler.settle(request, again, retryAtMs);
  }

  #return(items: readonly Traveller[]): void {
    for (const one of items) if (this.#is(one, 'inFlight')) this.#states.set(one, 'waiting');
  }

  #lend(): void {
    const outlet = this.#random.pick(this.#outlets);
    outlet.risky = this.#random.chance(0.3);
    outlet.lend(this.#random.below(6));
    outlet.isShort = this.#scheduler.replenish(outlet, { records: outlet.records, bytes: 1_000 });
  }

  #withdraw(): void {
    const named = this.#random.below(OWNERS);
    const waiting = this.#items.filter((one) => one.owner === named && this.#is(one, 'waiting'));
    const withdrawn = new Set(this.#scheduler.withdraw((owner) => owner === named));
    if (withdrawn.size !== waiting.length || waiting.some((one) => !withdrawn.has(one))) this.#broken.add('withdrawn in part');
    for (const one of waiting) this.#states.set(one, 'withdrawn');
    for (const { items } of this.#open) for (const one of items) if (one.owner === named) this.#states.set(one, 'withdrawn');
  }

  #is(one: Traveller, state: State): boolean {
    return this.#states.get(one) === state;
  }

  #lineOf({ label, partitionKey, shard }: Traveller): string {
    if (this.#ordering === 'none') return label;
    return this.#ordering === 'shard' ? shard : partitionKey;
  }

  /** Half of the keys have none. */
  #outletOf({ partitionKey }: Traveller): LentOutlet | undefined {
    return this.#outlets[Number(partitionKey.slice(1))];
  }
}
