import type { Message } from '@sluice/bloblang';

/** A service that messages are sent to. */
export interface MessageSink extends Disposable {
  /** Rejects with a `BatchError` where only some messages are safe, with any other error where none is. */
  write(messages: readonly Message[]): Promise<void>;
}
