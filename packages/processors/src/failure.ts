import type { Message, MessageFailure } from '@sluice/bloblang';
import { BloblangError } from '@sluice/values';
import type { ProcessedMessage, ProcessorSettings } from './processor.ts';

/** The content of a message is not what a processor takes. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
}

/** A server refused the content, and would refuse it again. */
export class RefusedError extends ContentError {}

/** A resource cannot be used just now. */
export class ResourceError extends ContentError {}

/** Runs what may fail because of a message: the failure is returned. A bug is thrown on. */
export function attempt<T>(work: () => T): T | ContentError | BloblangError {
  try {
    return work();
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

/** As {@link attempt}; the reason begins with what failed. */
export function attemptTo<T>(what: string, work: () => T): T | ContentError | BloblangError {
  const result = attempt(work);
  return isFailure(result) ? new ContentError(`${what}: ${result.message}`) : result;
}

export const isFailure = (value: unknown): value is ContentError | BloblangError =>
  value instanceof ContentError || value instanceof BloblangError;

/** Flags a message, as `error()` and its relatives report it. It travels on. */
export function flagged(item: ProcessedMessage, error: Error, settings: ProcessorSettings): ProcessedMessage {
  return { ...item, message: withFailure(item.message, error, settings) };
}

/** Types whose failures the original tells the source of. */
const TELLS_SOURCE: ReadonlySet<string> = new Set(['mapping', 'bloblang', 'mutation', 'cache', 'dedupe', 'group_by_value']);

function withFailure(message: Message, error: Error, { type, label = '', path }: ProcessorSettings): Message {
  const source = TELLS_SOURCE.has(type) ? { name: type, label, path: path.replace(/^root\./, '') } : undefined;
  const isFinal = error instanceof RefusedError;
  const failure: MessageFailure = { message: error.message, at: path, ...source, ...(isFinal && { isFinal }) };
  return { ...message, failure };
}

export function withoutFailure({ message, sources }: ProcessedMessage): ProcessedMessage {
  if (!message.failure) return { message, sources };
  const { failure: _, ...rest } = message;
  return { message: rest, sources };
}
