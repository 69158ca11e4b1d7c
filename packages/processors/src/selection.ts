/** Processors that keep, add or drop messages without looking into them: `select_parts`, `insert_part`, `bounds_check`, `noop`. */
import { compileInterpolation } from './bloblang-text.ts';
import { attempt, isFailure } from './failure.ts';
import { type Batch, type CompileContext, type Processor, type ProcessorSettings, type SourceText, unionOf } from './processor.ts';

export const noop = (): Processor => (batch) => [batch];

/** `select_parts`: the messages at some places, in the order named; negative places count from the end. */
export function selectParts({ options }: ProcessorSettings): Processor {
  const parts = options['parts'] as readonly number[];
  return (batch) => [parts.flatMap((place) => batch.at(place) ?? [])];
}

/**
 * `insert_part`: adds a message made from a text, with metadata and flag of the first one. It stands for every record of its batch, since
 * none of them alone brought it about. Where the text fails, nothing is added.
 */
export function insertPart(settings: ProcessorSettings, { logger }: CompileContext): Processor {
  const content = compileInterpolation(settings.options['content'] as SourceText, settings);
  const index = settings.options['index'] as number;
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    const bytes = attempt(() => content.evaluateBytes(messages, 0));
    if (isFailure(bytes)) {
      logger.error(`Content interpolation error: ${bytes.message}`, { path: settings.path, label: settings.label ?? '' });
      return [batch];
    }
    const place = index < 0 ? Math.max(0, batch.length + index + 1) : index;
    return [batch.toSpliced(place, 0, { message: { ...messages[0]!, content: bytes }, sources: unionOf(batch) })];
  };
}

/** `bounds_check`: drops a whole batch that has too many or too few messages, or one too large or too small; a debug line says why. */
export function boundsCheck({ options, path, label = '' }: ProcessorSettings, { logger }: CompileContext): Processor {
  const [maxSize, minSize, maxParts, minParts] = ['max_part_size', 'min_part_size', 'max_parts', 'min_parts'].map(
    (name) => options[name] as number,
  ) as [number, number, number, number];
  const objectionTo = (batch: Batch): string | undefined => {
    if (batch.length < minParts) return `message parts below minimum (${minParts}): ${batch.length}`;
    if (batch.length > maxParts) return `message parts exceeding limit (${maxParts}): ${batch.length}`;
    const offender = batch.find(({ message: { content } }) => content.byteLength < minSize || content.byteLength > maxSize);
    return offender && `message part size (${minSize} -> ${maxSize}): ${offender.message.content.byteLength}`;
  };
  return (batch) => {
    const objection = objectionTo(batch);
    if (objection === undefined) return [batch];
    logger.debug(`Rejecting message due to ${objection}`, { path, label });
    return [];
  };
}
