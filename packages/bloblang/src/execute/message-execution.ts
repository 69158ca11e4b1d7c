import { BloblangError, getKey, type Value, type ValueObject } from '@sluice/values';
import { type Draft, type Execution, MAX_CONTEXTS, type Message, type MessageFailure } from '../query/context.ts';
import type { ReadPath } from '../query/read-path.ts';
import { DocumentDraft } from './document-draft.ts';
import { EmptyMessageError, openDocument, sharedDocument } from './documents.ts';
import type { JsonDocument } from './json-document.ts';

const NO_METADATA: ValueObject = {};
const NO_CONTENT = new Uint8Array();

/** One run over a message that stays as it is: what an interpolated string sees. */
export class MessageExecution implements Execution {
  contextsLeft = MAX_CONTEXTS;
  protected readonly batch: readonly Message[];
  protected readonly index: number;
  private opened: JsonDocument | undefined;
  private openFailure: BloblangError | undefined;

  constructor(batch: readonly Message[], index: number) {
    this.batch = batch;
    this.index = index;
  }

  get batchSize(): number {
    return this.batch.length;
  }

  structured(index: number, read: ReadPath): Value {
    const place = this.placeOf(index);
    if (place !== this.index) return sharedDocument(this.batch, place).field(read);
    const document = this.open('fields');
    if (document === undefined) throw this.openFailure!;
    return document.field(read);
  }

  document(): Value | undefined {
    return this.open('all')?.value();
  }

  field(read: ReadPath): Value | undefined {
    return this.open('fields')?.field(read);
  }

  hasDocument(): boolean {
    return this.open('fields') !== undefined;
  }

  draft(): Draft | undefined {
    return undefined;
  }

  /** Why there is no document, as errors report it; `undefined` if there is one, or if no expression has asked for it. */
  missingDocument(): string | undefined {
    if (this.openFailure === undefined) return undefined;
    return this.openFailure instanceof EmptyMessageError ? 'message is empty' : `parse as json: ${this.openFailure.message}`;
  }

  content(index: number): Uint8Array {
    return this.batch[this.placeOf(index)]?.content ?? NO_CONTENT;
  }

  inputMetadata(index: number): ValueObject {
    return (this.batch[this.placeOf(index)]?.metadata as ValueObject | undefined) ?? NO_METADATA;
  }

  inputMetadataOf(index: number, key: string): Value {
    const message = this.batch[this.placeOf(index)];
    if (message?.metadataOf) return (message.metadataOf(key) as Value | undefined) ?? null;
    return getKey(this.inputMetadata(index), key);
  }

  outputMetadata(): ValueObject | null {
    return this.inputMetadata(this.index);
  }

  writableMetadata(): ValueObject | null {
    return null;
  }

  failure(index: number): MessageFailure | undefined {
    return this.batch[this.placeOf(index)]?.failure;
  }

  /** `from(-1)` looks at the last message of the batch. */
  protected placeOf(index: number): number {
    return index < 0 ? this.batch.length + index : index;
  }

  protected open(wants: 'fields' | 'all'): JsonDocument | undefined {
    if (this.opened === undefined && this.openFailure === undefined) {
      try {
        this.opened = openDocument(this.batch[this.index]?.content ?? NO_CONTENT, wants);
      } catch (error) {
        if (!(error instanceof BloblangError)) throw error;
        this.openFailure = error;
      }
    }
    return this.opened;
  }
}

/** One run that makes a new message: its metadata is a copy from the first write on. */
export class MappingExecution extends MessageExecution {
  private written: ValueObject | undefined;

  override draft(): Draft | undefined {
    const document = this.open('fields');
    return document?.isScanned ? new DocumentDraft(document) : undefined;
  }

  override outputMetadata(): ValueObject {
    return this.written ?? this.inputMetadata(this.index);
  }

  override writableMetadata(): ValueObject {
    this.written ??= { ...this.inputMetadata(this.index) };
    return this.written;
  }
}

/** One run whose `this` is the content of the message as bytes. */
export class RawExecution extends MappingExecution {
  override document(): Value {
    return this.content(this.index);
  }

  override hasDocument(): boolean {
    return true;
  }

  override draft(): undefined {
    return undefined;
  }

  override field(read: ReadPath): Value {
    return read(this.document());
  }
}
