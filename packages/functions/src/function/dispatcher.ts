import type { EndpointLimit, Overload, Ticket } from '../endpoint/endpoint-limit.ts';
import type { Slots, SlotUser } from './slots.ts';

/** What a request holds while it is open. */
export interface Slot {
  /** The endpoint did not take an attempt of the request. */
  overloaded(overload: Overload): void;
  /** To be called once, when the request is over. */
  release(isAnswered: boolean): void;
}

/** Something that waits for a slot. Answers whether it has used it. */
export type Start = (slot: Slot) => boolean;

/** Gives the ready addresses of one function type their slots, in the order in which they became ready. */
export class Dispatcher implements SlotUser {
  readonly #slots: Slots;
  readonly #endpoint: EndpointLimit;
  #ready: Start[] = [];
  #next = 0;
  #inFlight = 0;

  constructor(slots: Slots, endpoint: EndpointLimit) {
    this.#slots = slots;
    this.#endpoint = endpoint;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Addresses that wait for a slot. */
  get waiting(): number {
    return this.#ready.length - this.#next;
  }

  enqueue(start: Start): void {
    this.#ready.push(start);
    this.pump();
  }

  pump(): void {
    while (this.waiting > 0) {
      if (!this.#endpoint.hasRoom) this.#slots.wait(this);
      if (!this.#endpoint.hasRoom || !this.#slots.tryTake(this)) return;
      const start = this.#ready[this.#next++]!;
      if (this.#next === this.#ready.length) {
        this.#ready = [];
        this.#next = 0;
      }
      this.#inFlight++;
      const ticket = this.#endpoint.start();
      if (!start(this.#slotOf(ticket))) this.#give();
    }
  }

  #slotOf(ticket: Ticket): Slot {
    return {
      overloaded: (overload) => this.#endpoint.overloaded(ticket, overload),
      release: (isAnswered) => {
        if (isAnswered) this.#endpoint.succeeded();
        this.#give();
      },
    };
  }

  #give(): void {
    this.#inFlight--;
    this.#endpoint.end();
    this.#slots.release();
  }
}
