import { getKey, type Value, type ValueObject } from '@sluice/values';
import type { Message } from '../query/context.ts';
import type { ReadPath } from '../query/read-path.ts';
import { documentContent } from './content.ts';
import { MessageExecution } from './message-execution.ts';

/** One run that edits a message in place: all readers see what earlier statements wrote. */
export class MutationExecution extends MessageExecution {
  private readonly metadata: ValueObject;
  private rendered: Uint8Array | undefined;

  constructor(batch: readonly Message[], index: number) {
    super(batch, index);
    this.metadata = { ...super.inputMetadata(index) };
  }

  override inputMetadata(index: number): ValueObject {
    return this.placeOf(index) === this.index ? this.metadata : super.inputMetadata(index);
  }

  override inputMetadataOf(index: number, key: string): Value {
    return this.placeOf(index) === this.index ? getKey(this.metadata, key) : super.inputMetadataOf(index, key);
  }

  override outputMetadata(): ValueObject {
    return this.metadata;
  }

  override writableMetadata(): ValueObject {
    return this.metadata;
  }

  /** Once a document is being edited, its text is that of the moment somebody first asked for it. */
  override content(index: number): Uint8Array {
    const document = this.placeOf(index) === this.index ? this.document() : undefined;
    if (document === undefined) return super.content(index);
    this.rendered ??= documentContent(document).bytes;
    return this.rendered;
  }

  override structured(index: number, read: ReadPath): Value {
    const document = this.placeOf(index) === this.index ? this.document() : undefined;
    return document === undefined ? super.structured(index, read) : read(document);
  }

  /** To the original, a message that says `null` has no document to edit. */
  override document(): Value | undefined {
    return super.document() ?? undefined;
  }

  override hasDocument(): boolean {
    return this.document() !== undefined;
  }

  override missingDocument(): string | undefined {
    return super.document() === null ? 'message is empty' : super.missingDocument();
  }

  /** The one document of the run, edited in place. */
  override field(read: ReadPath): Value | undefined {
    const document = this.document();
    return document === undefined ? undefined : read(document);
  }
}
