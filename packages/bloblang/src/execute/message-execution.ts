import type { Execution, Message, MessageFailure } from '../compile/context.ts';
import { BloblangError } from '../value/errors.ts';
import type { Value, ValueObject } from '../value/kinds.ts';
import { EmptyMessageError, parseDocument, sharedDocument } from './documents.ts';

const NO_METADATA: ValueObject = {};
const NO_CONTENT = new Uint8Array();

/** One run over a message that stays as it is: what an interpolated string sees. */
export class MessageExecution implements Execution {
  protected readonly batch: readonly Message[];
  protected readonly index: number;
  private parsed: Value | undefined;
  private parseFailure: BloblangError | undefined;

  constructor(batch: readonly Message[], index: number) {
    this.batch = batch;
    this.index = index;
  }

  get batchSize(): number {
    return this.batch.length;
  }

  structured(index: number): Value {
    if (index !== this.index) return sharedDocument(this.batch, index);
    const document = this.document();
    if (document === undefined) throw this.parseFailure!;
    return document;
  }

  document(): Value | undefined {
    if (this.parsed === undefined && this.parseFailure === undefined) {
      try {
        this.parsed = this.parse();
      } catch (error) {
        if (!(error instanceof BloblangError)) throw error;
        this.parseFailure = error;
      }
    }
    return this.parsed;
  }

  /** Why there is no document, as errors tell it; `undefined` as long as nobody asked for it or there is one. */
  missingDocument(): string | undefined {
    if (this.parseFailure === undefined) return undefined;
    return this.parseFailure instanceof EmptyMessageError ? 'message is empty' : `parse as json: ${this.parseFailure.message}`;
  }

  content(index: number): Uint8Array {
    return this.batch[index]?.content ?? NO_CONTENT;
  }

  inputMetadata(index: number): ValueObject {
    return (this.batch[index]?.metadata as ValueObject | undefined) ?? NO_METADATA;
  }

  outputMetadata(): ValueObject {
    return this.inputMetadata(this.index);
  }

  writableMetadata(): ValueObject | null {
    return null;
  }

  failure(index: number): MessageFailure | undefined {
    return this.batch[index]?.failure;
  }

  protected parse(): Value {
    return parseDocument(this.content(this.index));
  }
}

/** One run that makes a new message: its metadata is a copy from the first write on. */
export class MappingExecution extends MessageExecution {
  private written: ValueObject | undefined;

  override outputMetadata(): ValueObject {
    return this.written ?? this.inputMetadata(this.index);
  }

  override writableMetadata(): ValueObject {
    this.written ??= { ...this.inputMetadata(this.index) };
    return this.written;
  }
}
