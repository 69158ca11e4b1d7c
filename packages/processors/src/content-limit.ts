import { ContentError } from './failure.ts';

/** Most messages that a processor makes of one. */
const MAX_MESSAGES = 500_000;

/** @throws {ContentError} */
export function checkMessages(count: number): void {
  if (count > MAX_MESSAGES) throw new ContentError(`the content makes more than ${MAX_MESSAGES} messages`);
}
