/**
 * What waits for one address, and what it does. First comes what is stored in its mailbox, then what is in jobs of the lane.
 *
 *     idle ──▶ ready ──▶ calling ──▶ committing ──▶ idle | ready | parked        (ready: waits for a slot)
 *                                        parked ──retry is due──▶ ready
 *
 * While something is stored, messages in jobs have to follow it into the mailbox: the order of an address is that of their arrival.
 */
import type { Parking } from '../mailbox/mailbox-row.ts';
import type { LaneMessage, Message } from './messages.ts';

export type AddressState = 'idle' | 'ready' | 'calling' | 'committing' | 'parked';

/** Messages and their bytes. */
export interface Stored {
  readonly records: number;
  readonly bytes: number;
}

/** The messages of one request. Those of a lane may move to the mailbox while the request is open. */
export interface Batch {
  readonly messages: readonly Message[];
  isStored: boolean;
}

export class AddressQueue {
  readonly id: string;
  /** Messages in jobs. Those of an open batch that is not stored come first. */
  queue: LaneMessage[] = [];
  stored: Stored;
  parking: Parking | undefined;
  batch: Batch | undefined;
  /** So many of its messages are tried alone: they were in a batch that failed. */
  alone = 0;
  /** It takes long, so what waits for it leaves the jobs of the lane. */
  isSpilling = false;
  /** Since when it is in its state, milliseconds since 1970. */
  since = 0;
  #state: AddressState = 'idle';

  constructor(id: string, stored: Stored = { records: 0, bytes: 0 }, parking?: Parking) {
    this.id = id;
    this.stored = stored;
    this.parking = parking;
    if (parking) this.#state = 'parked';
  }

  get state(): AddressState {
    return this.#state;
  }

  enter(state: AddressState, now: number): void {
    this.#state = state;
    this.since = now;
  }

  get hasWork(): boolean {
    return this.queue.length > 0 || this.stored.records > 0;
  }

  /** Messages that wait or are in flight. */
  get records(): number {
    return this.queue.length + this.stored.records;
  }

  /** The first message in a job that is not part of the open batch. */
  get nextInLine(): LaneMessage | undefined {
    return this.queue[this.batch && !this.batch.isStored ? this.batch.messages.length : 0];
  }

  /** The messages that have to go from the jobs to the mailbox now, apart from `leaving` ones at the head. */
  toStore(leaving = 0): readonly LaneMessage[] {
    return this.stored.records > 0 || this.isSpilling || this.#state === 'parked' ? this.queue.slice(leaving) : [];
  }
}
