import { ContentError } from './failure.ts';

/** Most bytes that a processor unpacks from one message; as much as a mapping may make. */
export const MAX_CONTENT_BYTES = 64 * 1024 * 1024;
/** Most messages that a processor makes of one. */
const MAX_MESSAGES = 500_000;

/** @throws {ContentError} */
export function checkContentBytes(bytes: number): void {
  if (bytes > MAX_CONTENT_BYTES) throw new ContentError(`the content unpacks to more than ${MAX_CONTENT_BYTES} bytes`);
}

/** @throws {ContentError} */
export function checkMessages(count: number): void {
  if (count > MAX_MESSAGES) throw new ContentError(`the content makes more than ${MAX_MESSAGES} messages`);
}
