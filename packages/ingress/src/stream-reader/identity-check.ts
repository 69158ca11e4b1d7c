import type { KinesisSource, StreamDescription } from '@sluice/kinesis';
import { StreamRecreatedError } from '@sluice/lease';

/**
 * Asks whether a stream is still the one that its rows belong to. Readers that ask at the same time share one call, which is made after
 * all of them asked: an answer from before would not cover what they did in between.
 */
export class IdentityCheck {
  readonly #describe: () => Promise<StreamDescription>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<StreamDescription> | undefined;

  constructor(kinesis: Pick<KinesisSource, 'describeStream'>, stream: string) {
    this.#describe = () => kinesis.describeStream(stream);
  }

  /**
   * Answers the stream as it is now.
   * @throws {StreamRecreatedError} it was deleted, and another one of its name was created
   */
  async assertSame({ arn, createdAtMs }: StreamDescription, table: string): Promise<StreamDescription> {
    const found = await this.#ask();
    if (found.arn === arn && found.createdAtMs === createdAtMs) return found;
    const stored = { streamArn: arn, streamCreatedAtMs: createdAtMs };
    throw new StreamRecreatedError(table, stored, { streamArn: found.arn, streamCreatedAtMs: found.createdAtMs });
  }

  #ask(): Promise<StreamDescription> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const asked = this.#describe();
      this.#running = asked.catch(() => undefined);
      return asked;
    });
    return this.#next;
  }
}
