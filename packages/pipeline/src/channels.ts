import type { Deliver, Delivery } from './delivery.ts';

interface Waiting {
  readonly delivery: Delivery;
  readonly taken: () => void;
}

/** Named ways from `inproc` outputs to `inproc` inputs. What nobody receives waits. */
export class Channels {
  readonly #receivers = new Map<string, Deliver>();
  readonly #waiting = new Map<string, Waiting[]>();

  /** Resolves once the receiver has room for another. */
  send(name: string, delivery: Delivery): Promise<void> {
    const receiver = this.#receivers.get(name);
    if (receiver) return receiver(delivery);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, [...waiting, { delivery, taken: resolve }]);
    });
  }

  /** Receives until `signal` is aborted; what comes later is received too, as long as the pipeline lasts. */
  receive(name: string, deliver: Deliver, signal: AbortSignal): Promise<void> {
    this.#receivers.set(name, deliver);
    for (const { delivery, taken } of this.#waiting.get(name) ?? []) void deliver(delivery).then(taken);
    this.#waiting.delete(name);
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
