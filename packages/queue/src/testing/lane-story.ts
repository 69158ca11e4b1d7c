// Long: every step of a story beside what it must leave behind.
/**
 * A lane's life at random, with a checker: readers that are replaced and go on as stale ones, owners that die, replies that are lost,
 * acks in any order, hand-backs with marks, dead letters, a Redis that is killed and comes back, perhaps without its last writes.
 *
 * What is checked, for every shard of the lane:
 *  - each record is delivered or a dead letter in the end (guarantee 1);
 *  - first deliveries are in the order of the shard (guarantee 2);
 *  - what was acked, marked or rejected is not delivered again, unless Redis came back without the write that said so.
 */
import { type ErrorReport, isRetryable, systemClock } from '@sluice/core';
import type { FencingToken } from '@sluice/lease';
import type { RedisSession } from '@sluice/redis';
import type { SeededRandom } from '@sluice/testkit';
import { expect } from 'vitest';
import { listDeadLetters } from '../dead-letters/dead-letters.ts';
import type { LaneJob } from '../receiver/lane-job.ts';
import type { LaneReceiver, UnfinishedJob } from '../receiver/lane-receiver.ts';
import { type LaneSender, openLaneSender } from '../sender/lane-sender.ts';
import { batchOf, ownLane, textsOf } from './fixtures.ts';
import { delivered, rejected } from './settlements.ts';

/** How the story reaches Redis, and what may happen to it. */
export interface StoryWorld {
  readonly session: RedisSession;
  readonly random: SeededRandom;
  /** The reply to the next request, or the request itself, is lost, and the connection with it. */
  loseNext?(): void;
  /** Resolves once the connection stands. */
  ready(): Promise<void>;
}

interface Reader {
  readonly shardId: string;
  readonly token: FencingToken;
  /** Of the lease under which it reads. */
  readonly epoch: number;
  /** Of the last record that it enqueued. */
  position: number;
}

const SHARDS = ['shard-0', 'shard-1'];
const REASON: ErrorReport = { code: 'STORY', disposition: 'reject', message: 'as told', details: {} };

export class LaneStory {
  readonly target: string;
  readonly #world: StoryWorld;
  readonly #sender: LaneSender;
  readonly #readers = new Map<string, Reader>();
  readonly #staleReaders: Reader[] = [];
  readonly #staleOwners: LaneReceiver[] = [];
  #owner: LaneReceiver | undefined;
  #hand: LaneJob[] = [];
  /** Every delivery, in order: `shard:position`. */
  readonly delivered: string[] = [];
  /** What must not be delivered any more. */
  readonly #resolved = new Set<string>();
  /** The end of each shard. */
  readonly #written = new Map<string, number>();

  static async begin(world: StoryWorld, target: string): Promise<LaneStory> {
    return new LaneStory(world, target, await openLaneSender({ session: world.session, target, lanes: 1, clock: systemClock }));
  }

  private constructor(world: StoryWorld, target: string, sender: LaneSender) {
    this.#world = world;
    this.target = target;
    this.#sender = sender;
  }

  /** One random thing happens. */
  async step(): Promise<void> {
    const { random } = this.#world;
    if (this.#world.loseNext && random.chance(0.05)) this.#world.loseNext();
    const happening = random.pick([
      () => this.#read(random.pick(SHARDS)),
      () => this.#read(random.pick(SHARDS)),
      () => this.#replaceReader(random.pick(SHARDS)),
      () => this.#readStale(),
      () => this.#take(),
      () => this.#take(),
      () => this.#ack(),
      () => this.#ack(),
      () => this.#handBack(),
      () => this.#reject(),
      () => this.#changeOwner(),
      () => this.#actStale(),
    ]);
    await this.#survive(happening);
  }

  /** Redis was killed and is back without its last writes: what was resolved may have been forgotten. */
  forgive(): void {
    this.#resolved.clear();
  }

  /** Lets everything that was written come out, and checks it. */
  async end(): Promise<void> {
    const rejected = new Set<string>();
    for (const shardId of SHARDS) await this.#untilDone(() => this.#readOn(shardId));
    await this.#untilDone(async () => {
      await this.#changeOwner();
      while ((await this.#take()) > 0) await this.#ackJobs(this.#hand);
    });
    for (const { origin } of await listDeadLetters(this.#world.session, { target: this.target, count: 100_000 })) {
      rejected.add(`${origin!.shardId}:${origin!.sequenceNumber}`);
    }
    for (const shardId of SHARDS) {
      const firsts = [...new Set(this.delivered)].filter((place) => place.startsWith(`${shardId}:`));
      const places = Array.from({ length: this.#written.get(shardId) ?? 0 }, (_, index) => `${shardId}:${index + 1}`);
      expect(places.filter((place) => !firsts.includes(place) && !rejected.has(place))).toEqual([]);
      expect(firsts).toEqual(firsts.toSorted((a, b) => Number(a.split(':')[1]) - Number(b.split(':')[1])));
    }
  }

  /** Drops the owner and every reader as a lost connection does; the old ones go on as stale. */
  dropAll(): void {
    this.#dropOwner();
    for (const shardId of SHARDS) this.#dropReader(shardId);
  }

  async #read(shardId: string): Promise<void> {
    const reader = await this.#readerOf(shardId);
    const count = 1 + this.#world.random.below(6);
    this.#written.set(shardId, Math.max(this.#written.get(shardId) ?? 0, reader.position + count));
    await this.#enqueue(reader, count);
    await this.#checkpoint(reader);
  }

  /** The current reader reads to the end of its shard. */
  async #readOn(shardId: string): Promise<void> {
    const reader = await this.#readerOf(shardId);
    const count = (this.#written.get(shardId) ?? 0) - reader.position;
    if (count > 0) await this.#enqueue(reader, count);
    await this.#checkpoint(reader);
  }

  async #enqueue(reader: Reader, count: number): Promise<void> {
    const positions = Array.from({ length: count }, (_, index) => reader.position + 1 + index);
    const { token, shardId, epoch } = reader;
    await this.#sender.enqueue([batchOf(positions, { shardId, token })], epoch);
    reader.position += count;
  }

  async #checkpoint({ shardId, position, epoch }: Reader): Promise<void> {
    await this.#world.session.run(epoch, (client) => client.hset(this.#rowOf(shardId), 'checkpoint', position));
  }

  async #readerOf(shardId: string): Promise<Reader> {
    const reader = this.#readers.get(shardId);
    if (reader) return reader;
    const { session } = this.#world;
    const { epoch } = session;
    const [number, checkpoint] = await session.run(epoch, async (client) => {
      const row = this.#rowOf(shardId);
      return [await client.hincrby(row, 'token', 1), Number((await client.hget(row, 'checkpoint')) ?? 0)];
    });
    const claimed: Reader = { shardId, token: { number, owner: crypto.randomUUID() }, epoch, position: checkpoint };
    this.#readers.set(shardId, claimed);
    return claimed;
  }

  async #replaceReader(shardId: string): Promise<void> {
    this.#dropReader(shardId);
    await this.#readerOf(shardId);
  }

  /** An old reader that has not noticed enqueues on; its checkpoint would be refused. It reads nothing that was not written. */
  async #readStale(): Promise<void> {
    const reader = this.#staleReaders.at(-1);
    if (!reader) return;
    const left = (this.#written.get(reader.shardId) ?? 0) - reader.position;
    if (left > 0) await this.#enqueue(reader, 1 + this.#world.random.below(left));
  }

  /** Answers how many jobs left the lane, those that were replays included. */
  async #take(): Promise<number> {
    const owner = await this.#ensureOwner();
    const { jobs, skipped } = await owner.take(1 + this.#world.random.below(4));
    this.#hand.push(...jobs);
    for (const { records } of jobs) {
      for (const { origin } of records) {
        const place = `${origin!.shardId}:${origin!.sequenceNumber}`;
        if (this.#resolved.has(place)) throw new Error(`${place} was delivered after it was resolved`);
        this.delivered.push(place);
      }
    }
    return jobs.length + skipped.jobs;
  }

  async #ack(): Promise<void> {
    const { random } = this.#world;
    await this.#ackJobs(this.#hand.filter(() => random.chance(0.4)));
  }

  async #ackJobs(jobs: readonly LaneJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await (await this.#ensureOwner()).settle(delivered(jobs));
    for (const job of jobs) this.#resolve(job, job.indexes);
    this.#hand = this.#hand.filter((job) => !jobs.includes(job));
  }

  async #handBack(): Promise<void> {
    const { random } = this.#world;
    const owner = await this.#ensureOwner();
    const marks: UnfinishedJob[] = this.#hand
      .filter(() => random.chance(0.7))
      .map((job) => ({ job, remaining: job.indexes.filter((index) => !this.#isRejected(job, index) && random.chance(0.6)) }));
    this.#hand = [];
    await owner.handBack(marks, { reason: REASON });
    for (const { job, remaining } of marks) {
      this.#resolve(
        job,
        job.indexes.filter((index) => !remaining.includes(index)),
      );
    }
  }

  async #reject(): Promise<void> {
    const { random } = this.#world;
    if (this.#hand.length === 0) return;
    const job = random.pick(this.#hand);
    const indexes = job.indexes.filter((index) => !this.#isRejected(job, index) && random.chance(0.3));
    if (indexes.length === 0) return;
    const deadLetters = indexes.map((index) => ({ index, reason: REASON }));
    await (await this.#ensureOwner()).settle([rejected(job, deadLetters)]);
    this.#resolve(job, indexes);
    if (job.indexes.every((index) => this.#isRejected(job, index))) this.#hand = this.#hand.filter((other) => other !== job);
  }

  async #changeOwner(): Promise<void> {
    this.#dropOwner();
    await this.#ensureOwner();
  }

  /** A former owner tries something: whatever it is, it is refused. */
  async #actStale(): Promise<void> {
    const { random } = this.#world;
    const stale = this.#staleOwners.at(-1);
    if (!stale || !this.#owner) return;
    const attempt = random.pick([() => stale.take(1), () => stale.handBack([]), () => stale.takeOver()]);
    await expect(attempt()).rejects.toMatchObject({ disposition: 'retry' });
  }

  async #ensureOwner(): Promise<LaneReceiver> {
    if (this.#owner) return this.#owner;
    const owner = await ownLane(this.#world.session, { target: this.target, lane: 0 });
    await owner.takeOver();
    this.#hand = [];
    this.#owner = owner;
    return owner;
  }

  #dropOwner(): void {
    if (this.#owner) this.#staleOwners.push(this.#owner);
    this.#owner = undefined;
    this.#hand = [];
  }

  #dropReader(shardId: string): void {
    const reader = this.#readers.get(shardId);
    if (reader) this.#staleReaders.push(reader);
    this.#readers.delete(shardId);
  }

  #resolve(job: LaneJob, indexes: readonly number[]): void {
    for (const index of indexes) this.#resolved.add(this.#placeOf(job, index));
  }

  #isRejected = (job: LaneJob, index: number): boolean => this.#resolved.has(this.#placeOf(job, index));

  #placeOf(job: LaneJob, index: number): string {
    const record = job.records[job.indexes.indexOf(index)]!;
    return `${record.origin!.shardId}:${textsOf([record])[0]}`;
  }

  #rowOf = (shardId: string): string => `story:${this.target}:${shardId}`;

  /** What a worker does when a command fails: it takes its leases for lost and claims anew. Answers what failed. */
  async #survive(happening: () => Promise<unknown>): Promise<Error | undefined> {
    try {
      await happening();
      return undefined;
    } catch (error) {
      if (!isRetryable(error)) throw error;
      this.dropAll();
      await this.#world.ready();
      return error as Error;
    }
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    let failure: Error | undefined;
    for (let tries = 0; tries < 20; tries++) {
      failure = await this.#survive(work);
      if (!failure) return;
    }
    throw new Error('the story does not end', { cause: failure });
  }
}
