/** Processors that make one document of what a message holds. */
import { documentContent, type Message } from '@sluice/bloblang';
import { errorText, isStackOverflow, type Value } from '@sluice/values';
import { attempt, ContentError, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

/**
 * The content of each message is what `read` makes of it; where that throws what {@link attempt} takes for a failure, the message is
 * flagged and stays as it is. A document that JSON cannot say leaves the content empty, as in the original.
 */
export const replaceDocument =
  (settings: ProcessorSettings, read: (message: Message) => Value): Processor =>
  (batch) => [
    batch.map((item) => {
      const content = attempt(() => withinStack(() => documentContent(read(item.message)).bytes));
      return isFailure(content) ? flagged(item, content, settings) : { ...item, message: { ...item.message, content } };
    }),
  ];

/** Documents nest deeper than queries can follow. */
export function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isStackOverflow(error) ? new ContentError(errorText(error)) : error;
  }
}
