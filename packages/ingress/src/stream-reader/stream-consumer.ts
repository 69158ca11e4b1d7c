import type { Clock } from '@sluice/core';
import { type KinesisPush, StreamNotFoundError } from '@sluice/kinesis';
import { ConsumerNotReadyError } from '../errors.ts';
import type { ConsumerSource } from '../shard-reader/fan-out-feed.ts';

/** Which consumer an ingress reads a stream with. */
export interface ConsumerChoice {
  readonly name: string;
  /** Registered by others, for this stream; looked up by its name, and registered where it is not there, where absent. */
  readonly arn: string | undefined;
}

export interface StreamConsumerOptions extends ConsumerChoice {
  readonly kinesis: Pick<KinesisPush, 'findConsumer' | 'registerConsumer'>;
  readonly streamArn: string;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** A consumer that takes longer to become active is reported as a failure, milliseconds. */
  readonly activationTimeoutMs: number;
}

/**
 * The consumer of one stream, for all readers of its shards: looked up once, and registered by whichever worker looks first. It stays
 * registered when the worker stops, as others use it.
 */
export class StreamConsumer implements ConsumerSource {
  readonly #options: StreamConsumerOptions;
  #arn: string | undefined;
  #asked: Promise<string> | undefined;
  #waitsSince: number | undefined;

  constructor(options: StreamConsumerOptions) {
    this.#options = options;
    this.#arn = options.arn;
  }

  async arn(): Promise<string> {
    if (this.#arn !== undefined) return this.#arn;
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = undefined;
    });
    return await this.#asked;
  }

  forget(): boolean {
    const isAskedAnew = this.#arn !== undefined && this.#options.arn === undefined;
    this.#arn = this.#options.arn;
    return isAskedAnew;
  }

  async #ask(): Promise<string> {
    const { kinesis, streamArn, name, clock, activationTimeoutMs } = this.#options;
    const found = await kinesis.findConsumer({ streamArn, name }).catch((error) => {
      if (error instanceof StreamNotFoundError) return kinesis.registerConsumer({ streamArn, name });
      throw error;
    });
    if (!found.isActive) {
      this.#waitsSince ??= clock.monotonic();
      throw new ConsumerNotReadyError(name, streamArn, clock.monotonic() - this.#waitsSince > activationTimeoutMs);
    }
    this.#waitsSince = undefined;
    this.#arn = found.arn;
    return found.arn;
  }
}
