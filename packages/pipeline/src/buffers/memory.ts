import type { BufferSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver, Input } from '../delivery.ts';
import { batchingBy } from '../stages/batch-policy.ts';
import { redelivering } from '../stages/redelivering.ts';

/** There is one. */
const PATH = 'root.buffer';

/**
 * `memory`: an input whose messages are taken off its hands as they are read, up to a number of bytes; what they become is not told to it.
 * A message larger than the buffer goes through when it is empty. During a stop, what the output refuses on purpose is given up: nothing else
 * could become of it.
 */
export function memoryBuffer(input: Input, { limit, batching }: BufferSettings, context: ComponentContext): Input {
  const { outstanding, clock, signal, telemetry, logger } = context;
  const onDropped = (error: Error) =>
    logger.warn('message dropped: the pipeline stops, and its output refuses it', { path: PATH, reason: error.message });
  telemetry.startAtZero({ buffer: PATH });
  return async (next, stop) => {
    const deliver = counted(next, context);
    const stage = batching && batchingBy(batching.policy, deliver, batching, context);
    const room = new Room(limit);
    let last: Promise<void> = Promise.resolve();
    const held: Input = async (emit) => {
      await input(async ({ messages, settle }) => {
        const bytes = messages.reduce((sum, { content }) => sum + content.length, 0);
        await room.take(bytes);
        telemetry.emit({ type: 'buffer.received', buffer: PATH, records: messages.length });
        settle();
        last = last.then(() => emit({ messages, settle: () => room.release(bytes) }));
      }, stop);
      await last;
    };
    await redelivering(held, { replays: true, outstanding, clock, signal, stop, onDropped })(stage?.deliver ?? deliver, stop);
    await stage?.drain();
  };
}

/** Counts what leaves the buffer. */
const counted =
  (deliver: Deliver, { telemetry, clock }: ComponentContext): Deliver =>
  (delivery) => {
    const startedMs = clock.monotonic();
    telemetry.emit({ type: 'buffer.sent', buffer: PATH, records: delivery.messages.length });
    return deliver({
      ...delivery,
      settle: (failure) => {
        telemetry.emit({ type: 'buffer.settled', buffer: PATH, seconds: (clock.monotonic() - startedMs) / 1_000 });
        delivery.settle(failure);
      },
    });
  };

/** Bytes that may be held at once, given out in the order in which they were asked for. */
class Room {
  readonly #limit: number;
  #held = 0;
  readonly #waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, enter: resolve });
      this.#admit();
    });
  }

  release(bytes: number): void {
    this.#held -= bytes;
    this.#admit();
  }

  #admit(): void {
    for (let first = this.#waiting[0]; first && (this.#held === 0 || this.#held + first.bytes <= this.#limit); first = this.#waiting[0]) {
      this.#held += first.bytes;
      this.#waiting.shift();
      first.enter();
    }
  }
}
