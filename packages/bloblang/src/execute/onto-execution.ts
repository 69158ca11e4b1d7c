import type { ValueObject } from '@sluice/values';
import type { Message } from '../query/context.ts';
import { MessageExecution } from './message-execution.ts';

/** One run that reads a message of a batch and edits another one: metadata that is written, and `@`, are that one's. */
export class OntoExecution extends MessageExecution {
  private readonly metadata: ValueObject;

  constructor(target: Message, batch: readonly Message[], index: number) {
    super(batch, index);
    this.metadata = { ...(target.metadata as ValueObject) };
  }

  override outputMetadata(): ValueObject {
    return this.metadata;
  }

  override writableMetadata(): ValueObject {
    return this.metadata;
  }
}
