/**
 * Writes batches of messages to a stream, without lanes: what a batch comes to is answered instead of acknowledged to a job. Batches are
 * written together, as many at a time as are given; of a key, records leave in the order in which they were given.
 */
import type { Clock, SluiceError } from '@sluice/core';
import type { KeyRules, KeyTemplate } from '../egress-writer/record-encoder.ts';
import { type Message, RecordInHand } from '../egress-writer/record-in-hand.ts';
import type { RecordWriter } from '../egress-writer/record-writer.ts';
import { KeyInterpolationError } from '../errors.ts';
import { BatchInHand } from './batch-in-hand.ts';

export interface MessageWriterOptions {
  /** Takes the keys of records as they are. */
  readonly writer: Pick<RecordWriter, 'accept'>;
  /** Name or ARN, for errors. */
  readonly stream: string;
  /** Evaluated over each batch as it is given. */
  readonly keys: KeyRules;
  readonly clock: Clock;
}

interface Keys {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
}

export class MessageWriter {
  readonly #options: MessageWriterOptions;

  constructor(options: MessageWriterOptions) {
    this.#options = options;
  }

  /** Resolves once each message is written or has failed, with the failures by index. Never rejects. */
  write(messages: readonly Message[]): Promise<ReadonlyMap<number, SluiceError>> {
    const { writer, stream, clock } = this.#options;
    const arrived = { acceptedMs: clock.monotonic() };
    const refused = new Map<number, SluiceError>();
    const keys = messages.map((_, index) => this.#keysOf(messages, index, refused));
    const open = [...messages.keys()].filter((index) => keys[index]);
    if (open.length === 0) return Promise.resolve(refused);
    return new Promise((resolve) => {
      const accept = (indexes: readonly number[]) =>
        writer.accept(
          indexes.map((index) => new RecordInHand(recordOf(messages[index]!, keys[index]!), batch, { ...arrived, ack: batch }, index)),
        );
      const batch = new BatchInHand({
        ...{ open, stream, again: accept },
        onDone: (failures) => resolve(new Map([...refused, ...failures])),
      });
      accept(open);
    });
  }

  /** `undefined` where a key fails, which is put among `refused`. */
  #keysOf(messages: readonly Message[], index: number, refused: Map<number, SluiceError>): Keys | undefined {
    const { partitionKey, hashKey } = this.#options.keys;
    const evaluate = (template: KeyTemplate | 'record' | 'none') => (typeof template === 'string' ? '' : template(messages, index));
    let field: 'partition key' | 'hash key' = 'partition key';
    try {
      const key = evaluate(partitionKey);
      field = 'hash key';
      return { partitionKey: key, explicitHashKey: evaluate(hashKey) || undefined };
    } catch (error) {
      refused.set(index, new KeyInterpolationError(field, error));
      return undefined;
    }
  }
}

const recordOf = ({ content, metadata }: Message, keys: Keys) => ({ ...keys, data: content, metadata });
