/**
 * The life of a function's lanes at random: messages from outside and from other addresses, delayed ones, cancellations, addresses that
 * are parked, an operator, owners that die with what they hold, answers that are lost, a Redis that is killed.
 *
 * What the function did is written in what it sent out, which is all that is checked in the end, see `checkStory`.
 */
import { isRetryable, systemClock } from '@sluice/core';
import { fireDelayed, GuardFailedError, type LaneSender, laneOf, type Operation, openLaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { SeededRandom } from '@sluice/testkit';
import { expect } from 'vitest';
import type { Parking } from '../mailbox/mailbox-row.ts';
import { retryParked, skipParked } from '../mailbox/parked-addresses.ts';
import { RegisteredStates } from '../state/registered-states.ts';
import { fromRecord, type Processed, type StoryMessage, toRecord } from './story-message.ts';
import { type Part, type StoryFunction, StoryOwner } from './story-owner.ts';

export interface StoryWorld {
  /** Of the owners and the operator. */
  readonly session: RedisSession;
  /** Of the outside, which loses nothing. */
  readonly outside: RedisSession;
  readonly random: SeededRandom;
  /** The reply to the next request, or the request itself, is lost, and the connection with it. */
  loseNext?(): void;
  /** Resolves once the connections stand. */
  ready(): Promise<void>;
}

const COUNT = 'com.example/count';
const LANES = 2;
/** Each empties a part; far more than any story needs. */
const MAX_TRIES = 1_000;
const PARKING: Parking = {
  reason: { code: 'STORY', disposition: 'retry', message: 'as told', details: {} },
  since: 1,
  attempts: 1,
  retryAt: 2,
};

export class CommitStory {
  readonly target: string;
  readonly ids = ['', 'a', 'b', 'c', 'd:{e} ', 'f'];
  /** Names of what came from outside. */
  readonly given: string[] = [];
  readonly #world: StoryWorld;
  readonly #sender: LaneSender;
  readonly #registered = new RegisteredStates();
  readonly #owners = new Map<number, StoryOwner>();
  readonly #stale: { readonly lane: number; readonly owner: StoryOwner }[] = [];
  #names = 0;
  #isEnding = false;

  static async begin(world: StoryWorld, target: string): Promise<CommitStory> {
    return new CommitStory(world, target, await openLaneSender({ session: world.outside, target, lanes: LANES, clock: systemClock }));
  }

  private constructor(world: StoryWorld, target: string, sender: LaneSender) {
    this.#world = world;
    this.target = target;
    this.#sender = sender;
    this.#registered.register([{ name: 'count', typename: COUNT, expiration: { mode: 'afterInvoke', afterMs: 3_600_000 } }]);
  }

  get out(): string {
    return `${this.target}-out`;
  }

  /** One random thing happens. */
  async step(): Promise<void> {
    const { random, loseNext } = this.#world;
    if (loseNext && random.chance(0.08)) loseNext();
    const happening = random.pick([
      () => this.#give(),
      () => this.#take(),
      () => this.#take(),
      () => this.#commit(),
      () => this.#commit(),
      () => this.#commit(),
      () => this.#fire(),
      () => this.#operate(),
      async () => this.#drop(random.below(LANES)),
      () => this.#actStale(),
    ]);
    await this.#survive(happening);
  }

  /** Every owner dies. */
  crash(): void {
    for (const lane of [...this.#owners.keys()]) this.#drop(lane);
  }

  /** Lets everything come out. */
  async end(): Promise<void> {
    this.#isEnding = true;
    let tries = 0;
    for (let isDone = false; !isDone; tries += 1) {
      if (tries > MAX_TRIES) throw new Error('the story does not end: a mailbox or a lane keeps what cannot be processed');
      await this.#survive(async () => {
        const { nextInMs } = await this.#fire();
        let isIdle = nextInMs === undefined;
        for (let lane = 0; lane < LANES; lane++) {
          const owner = await this.#ownerOf(lane);
          if ((await owner.take(5)) > 0 || owner.ids.length > 0) isIdle = false;
          const parts = owner.ids.map((id) => ({ id, process: 3, store: false, parking: undefined }));
          if (parts.length > 0) await owner.commit(parts, this.#registered, this.#function(await this.#now()));
        }
        isDone = isIdle;
      });
    }
  }

  async #give(): Promise<void> {
    const { random, outside } = this.#world;
    const records = Array.from({ length: 1 + random.below(4) }, () => {
      const id = random.pick(this.ids);
      return toRecord(id, { name: this.#name(id), sender: '', sequence: this.#names, notBefore: 0 });
    });
    const lanes = Map.groupBy(records, ({ partitionKey }) => laneOf(partitionKey, LANES));
    await this.#sender.enqueue(
      [...lanes].map(([lane, ofLane]) => ({ lane, records: ofLane })),
      outside.epoch,
    );
    this.given.push(...records.map((record) => fromRecord<StoryMessage>(record).name));
  }

  async #take(): Promise<void> {
    const owner = await this.#ownerOf(this.#world.random.below(LANES));
    await owner.take(1 + this.#world.random.below(3));
  }

  async #commit(): Promise<void> {
    const { random } = this.#world;
    const owner = await this.#ownerOf(random.below(LANES));
    const parts = owner.ids
      .filter(() => random.chance(0.6))
      .map((id): Part => {
        const isParking = random.chance(0.25);
        const process = isParking ? 0 : 1 + random.below(3);
        return { id, process, store: isParking || random.chance(0.1), parking: isParking || random.chance(0.2) ? PARKING : undefined };
      });
    const now = await this.#now();
    if (parts.length > 0) await owner.commit(parts, this.#registered, this.#function(now));
  }

  #drop(lane: number): void {
    const owner = this.#owners.get(lane);
    if (owner) this.#stale.push({ lane, owner });
    this.#owners.delete(lane);
  }

  /** A former owner that has not noticed commits what it holds: it is refused. */
  async #actStale(): Promise<void> {
    const [former] = this.#stale.splice(0);
    if (!former?.owner.ids.length) return;
    await this.#ownerOf(former.lane);
    const parts = former.owner.ids.map((id) => ({ id, process: 2, store: false, parking: undefined }));
    const attempt = former.owner.commit(parts, this.#registered, this.#function(await this.#now()));
    await expect(attempt).rejects.toMatchObject({ disposition: 'retry' });
  }

  #fire = () => fireDelayed(this.#world.session, { clock: systemClock, epoch: this.#world.session.epoch });

  async #operate(): Promise<void> {
    const { random, session } = this.#world;
    const address = { target: this.target, id: random.pick(this.ids) };
    await (random.chance(0.5) ? retryParked(session, address) : skipParked(session, address));
  }

  /** @param now by Redis' clock, before the commit */
  #function(now: number): StoryFunction {
    return (id, count, batch) => {
      const operations: Operation[] = [];
      let after = count;
      for (const record of batch) {
        after += 1;
        const sent: string[] = [];
        const delayed: string[] = [];
        if (!this.#isEnding) this.#sendOn(id, after, now, operations, sent, delayed);
        const processed: Processed = { id, count: after, message: fromRecord(record), sent, delayed, at: now };
        operations.push({ type: 'send', target: this.out, lanes: 1, records: [toRecord(id, processed)] });
      }
      return { mutations: [{ name: 'count', value: { typename: COUNT, value: Buffer.from(String(after)) } }], operations };
    };
  }

  #sendOn(id: string, count: number, now: number, operations: Operation[], sent: string[], delayed: string[]): void {
    const { random } = this.#world;
    const message = (to: string, notBefore: number): StoryMessage => ({
      name: this.#name(to),
      sender: `from ${id}`,
      sequence: count,
      notBefore,
    });
    if (random.chance(0.3)) {
      const to = random.pick(this.ids);
      const record = toRecord(to, message(to, 0));
      operations.push({ type: 'send', target: this.target, lanes: LANES, records: [record] });
      sent.push(fromRecord<StoryMessage>(record).name);
    }
    const token = random.pick(['t', 'u', undefined]);
    if (token !== undefined && random.chance(0.2)) operations.push({ type: 'cancel', sender: id, token });
    if (random.chance(0.25)) {
      const to = random.pick(this.ids);
      const delayMs = random.below(40);
      const record = toRecord(to, message(to, now + delayMs));
      operations.push({ type: 'delay', target: this.target, lanes: LANES, record, delayMs, sender: id, token });
      delayed.push(fromRecord<StoryMessage>(record).name);
    }
  }

  #name(to: string): string {
    this.#names += 1;
    return `${this.#names} to ${to}`;
  }

  async #ownerOf(lane: number): Promise<StoryOwner> {
    const owner = this.#owners.get(lane) ?? (await StoryOwner.open(this.#world.session, { target: this.target, lane }));
    this.#owners.set(lane, owner);
    return owner;
  }

  async #now(): Promise<number> {
    const { session } = this.#world;
    const [seconds, micros] = (await session.run(session.epoch, (client) => client.time())) as unknown as [string, string];
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  /** What a worker does when something fails: a token that is taken is no trouble here; all else means to take over. */
  async #survive(happening: () => Promise<unknown>): Promise<void> {
    try {
      await happening();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (error instanceof GuardFailedError && error.failed === 'token') return;
      this.crash();
      await this.#world.ready();
    }
  }
}
